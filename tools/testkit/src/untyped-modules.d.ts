/** The parts of an untyped library that `archive.ts` calls. */
declare module 'tar-stream' {
  import type { Readable, Writable } from 'node:stream';

  export interface Pack extends Readable {
    entry(
      header: { name: string; mode: number; uid: number; gid: number; mtime: Date },
      content: string | Buffer,
    ): unknown;
    finalize(): void;
  }
  export function pack(): Pack;

  export interface Extract extends Writable {
    on(
      event: 'entry',
      listener: (header: object, content: Readable, next: (error?: unknown) => void) => void,
    ): this;
    on(event: string, listener: (...args: unknown[]) => void): this;
  }
  export function extract(): Extract;
}
