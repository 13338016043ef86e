import type { Host } from './host.ts';
import type { Options, ValuesOf } from './options.ts';

/** A command of `rollcall`. */
export interface Command<O extends Options = Options> {
  /** Its name and arguments, as in `scale <nodes>`; `[name]` may be left away. */
  readonly usage: string;
  /** One line for the list of commands. */
  readonly about: string;
  /** What one should know before using it. */
  readonly more?: string;
  /** Everything that may be given, the arguments in `usage` included, under their names. */
  readonly options: O;
  readonly examples: readonly (readonly [line: string, what: string])[];
  /** It changes the cluster: who interrupts it is told that things stay as they are at that moment. */
  readonly changes: boolean;
  /** @throws CliError for whatever a person can understand */
  run(values: ValuesOf<O>, host: Host): Promise<void>;
}

export function defineCommand<const O extends Options>(command: Command<O>): Command<O> {
  return command;
}

/** The names of the arguments in a command's usage. */
export function argumentsOf({ usage }: Pick<Command, 'usage'>): string[] {
  return [...usage.matchAll(/[<[]([a-z-]+)(?:\.\.)?[>\]]/g)].map(([, name]) => name ?? '');
}
