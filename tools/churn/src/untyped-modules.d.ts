/** The parts of an untyped library that `main.ts` calls. */
declare module 'yargs' {
  interface NumberOption {
    readonly type: 'number';
    readonly default: number;
    readonly describe: string;
  }

  interface Argv<T> {
    scriptName(name: string): Argv<T>;
    usage(text: string): Argv<T>;
    options<K extends string>(options: Record<K, NumberOption>): Argv<Record<K, number>>;
    strict(): Argv<T>;
    version(shown: false): Argv<T>;
    parse(): Promise<T>;
  }
  export default function yargs(words: readonly string[]): Argv<object>;
}

declare module 'yargs/helpers' {
  export function hideBin(words: readonly string[]): string[];
}
