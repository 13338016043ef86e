import yargs, { type Argv } from 'yargs';
import { argumentsOf, type Command } from './command.ts';
import { commands } from './commands/index.ts';
import { completeNames } from './complete.ts';
import { CliError } from './errors.ts';
import type { Host } from './host.ts';
import type { Option } from './options.ts';
import { version } from './version.ts';

/** What stands on a command line. */
export interface Chosen {
  readonly command: Command;
  readonly values: Readonly<Record<string, unknown>>;
}

/** yargs' own types do not know of this method. */
type ConfigurableUsage = Argv & { usageConfiguration(settings: { 'hide-types': boolean }): Argv };

type Done = (words: string[]) => void;
type Defaults = (onCompleted: (error: Error | null, usual: string[] | undefined) => void) => void;

/**
 * The command and its parsed values; undefined when help, version or completions were asked for, and given.
 *
 * @throws CliError `USAGE`
 */
export async function choose(words: readonly string[], host: Host): Promise<Chosen | undefined> {
  let chosen: Chosen | undefined;
  let wrong: Error | undefined;
  const names = await completeNames(words, host);
  const parser = (yargs() as ConfigurableUsage)
    .usageConfiguration({ 'hide-types': true })
    .scriptName('rollcall')
    .usage(
      '$0 <command>\n\nRuns a cluster of containers that find each other: balancers, and web nodes behind them.',
    )
    .locale('en')
    .updateStrings({ 'Did you mean %s?': 'there is no such command; did you mean "%s"?' })
    .help('help')
    .alias('help', 'h')
    .version(version)
    .strict()
    .recommendCommands()
    .demandCommand(1, 'a command is missing')
    .parserConfiguration({ 'greedy-arrays': false, 'dot-notation': false, 'camel-case-expansion': false })
    .completion(
      'completion',
      'print a script that completes commands and nodes in bash or zsh',
      (_word: string, _raw: unknown, defaults: Defaults, done: Done) =>
        names ? done(names) : defaults((_error, usual = []) => done(usual)),
    )
    .epilogue('`rollcall <command> --help` has examples. Exit codes and errors: see the README.')
    .showHelpOnFail(false)
    .exitProcess(false)
    .wrap(Math.min(host.stdout.columns ?? 100, 110))
    .fail((message, error) => {
      wrong ??= fromYargs(message, error);
    });
  for (const command of commands) {
    parser.command(
      command.usage,
      command.about,
      (sub) => describeCommand(sub, command),
      (raw) => {
        chosen = { command, values: valuesOf(command, raw) };
      },
    );
  }
  await parser.parseAsync(words, {}, (_error, _raw, output) => {
    if (output && !wrong) host.stdout.write(`${output}\n`);
  });
  if (wrong) throw wrong;
  return chosen;
}

function fromYargs(message: string | null, error: Error | null | undefined): Error {
  if (error && error.name !== 'YError') return error;
  return new CliError('USAGE', error?.message ?? message ?? 'the command line is not understood');
}

function describeCommand(parser: Argv, { usage, about, more, options, examples }: Command): Argv {
  parser.usage([`rollcall ${usage}`, about, ...(more ? [more] : [])].join('\n\n'));
  const positional = argumentsOf({ usage });
  for (const [name, option] of Object.entries(options)) {
    if (positional.includes(name)) parser.positional(name, { describe: option.about, type: 'string' });
    else parser.option(name, settingsOf(option));
  }
  for (const [line, what] of examples) parser.example(line, what);
  return parser;
}

function settingsOf({ kind, about, alias, otherwise }: Option<unknown>) {
  return {
    describe: otherwise === undefined ? about : `${about} (${otherwise})`,
    type: kind === 'flag' ? ('boolean' as const) : ('array' as const),
    ...(kind === 'flag' ? {} : { string: true, requiresArg: true }),
    ...(alias !== undefined && { alias }),
  };
}

function valuesOf(command: Command, raw: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const positional = argumentsOf(command);
  return Object.fromEntries(
    Object.entries(command.options).map(([key, option]) => {
      const name = positional.includes(key) ? key.toUpperCase() : `--${key}`;
      return [key, option.parse(givenTexts(raw[key]), name)];
    }),
  );
}

function givenTexts(value: unknown): readonly string[] | undefined {
  if (value === undefined || value === false) return undefined;
  return [value].flat().map(String);
}
