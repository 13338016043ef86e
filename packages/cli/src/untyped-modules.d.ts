/** The parts of untyped libraries that this package calls. `docker-api.ts` gives dockerode its types. */
declare module 'dockerode' {
  const Dockerode: new (options?: object) => unknown;
  export default Dockerode;
}

declare module 'tar-stream' {
  import type { Readable, Writable } from 'node:stream';

  export interface Pack extends Readable {
    entry(
      header: { name: string; mode: number; uid: number; gid: number; mtime: Date },
      content: string,
    ): void;
    finalize(): void;
  }
  export function pack(): Pack;

  export interface Extract extends Writable {
    on(event: 'entry', listener: (header: unknown, content: Readable, next: () => void) => void): this;
    on(event: string, listener: (...values: never[]) => void): this;
  }
  export function extract(): Extract;
}

declare module 'yargs' {
  interface OptionSettings {
    readonly describe: string;
    readonly type: 'string' | 'boolean' | 'array';
    readonly string?: boolean;
    readonly alias?: string;
    readonly requiresArg?: boolean;
  }
  type RawArguments = Readonly<Record<string, unknown>>;

  export interface Argv {
    command(
      command: string,
      describe: string,
      builder: (parser: Argv) => Argv,
      handler: (raw: RawArguments) => void,
    ): Argv;
    completion(
      command: string,
      describe: string,
      complete: (
        word: string,
        raw: RawArguments,
        defaults: (use: (error: unknown, words: readonly string[]) => void) => void,
        done: (words: readonly string[]) => void,
      ) => void,
    ): Argv;
    option(name: string, settings: OptionSettings): Argv;
    positional(name: string, settings: { readonly describe: string; readonly type: 'string' }): Argv;
    example(command: string, description: string): Argv;
    usage(text: string): Argv;
    epilogue(text: string): Argv;
    scriptName(name: string): Argv;
    locale(name: string): Argv;
    updateStrings(texts: Readonly<Record<string, string>>): Argv;
    version(version: string): Argv;
    help(name: string): Argv;
    alias(name: string, alias: string): Argv;
    strict(): Argv;
    demandCommand(least: number, message: string): Argv;
    recommendCommands(): Argv;
    parserConfiguration(settings: Readonly<Record<string, boolean>>): Argv;
    usageConfiguration(settings: Readonly<Record<string, boolean>>): Argv;
    exitProcess(enabled: boolean): Argv;
    showHelpOnFail(enabled: boolean): Argv;
    fail(handler: (message: string | null, error: Error | null | undefined) => void): Argv;
    wrap(columns: number): Argv;
    parseAsync(
      words: readonly string[],
      context: object,
      callback: (error: Error | null, raw: RawArguments, output: string) => void,
    ): Promise<RawArguments>;
  }
  export default function yargs(): Argv;
}
