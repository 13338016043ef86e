import { inject } from 'vitest';

/** What an image promises beside what holds for all. Each says only what it adds to the image that it descends from. */
export interface Promises {
  /** Megabytes (10^6 bytes), shared layers included. Default: as its parent. */
  readonly atMostMb?: number;
  /** Services beside its parent's. */
  readonly services?: readonly string[];
  /** What a container of it is started with, beside its parent's variables. */
  readonly env?: Readonly<Record<string, string>>;
  /** Lines with a warning that belong to the image's work, beside its parent's. */
  readonly expectedWarnings?: RegExp;
}

declare module 'vitest' {
  interface ProvidedContext {
    /** The image under test, such as `rollcall/base`. */
    image: string;
    /** Files with the promises of the image and of those that it descends from, the eldest first. */
    promises: string[];
  }
}

const inherited: Promises[] = await Promise.all(
  inject('promises').map(async (file) => (await import(file)).default),
);

/** What the image under test promises. */
export const promised = {
  atMostMb: inherited.findLast(({ atMostMb }) => atMostMb !== undefined)?.atMostMb,
  services: inherited.flatMap(({ services = [] }) => services),
  env: Object.assign({}, ...inherited.map(({ env }) => env)) as Readonly<Record<string, string>>,
  expectedWarnings: inherited.flatMap(({ expectedWarnings = [] }) => expectedWarnings),
};
