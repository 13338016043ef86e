/// <reference path="./untyped-modules.d.ts" />
import yargs, { type Argv } from 'yargs';
import { argumentsOf, type Command } from './command.ts';
import { commands } from './commands/index.ts';
import { completeNode } from './complete.ts';
import { CliError, EXIT } from './errors.ts';
import type { Host } from './host.ts';
import type { Option } from './options.ts';
import { paintFor } from './paint.ts';
import { version } from './version.ts';

/**
 * Runs `rollcall` with the words that stand after it on the command line.
 *
 * @returns the exit code; whatever went wrong has been told on `host.stderr`
 */
export async function rollcall(words: readonly string[], host: Host): Promise<number> {
  try {
    const chosen = await choose(words, host);
    if (chosen) await untilInterrupted(chosen.command.run(chosen.values, host), host, chosen.command);
    return EXIT.done;
  } catch (error) {
    return report(withHelp(error, words), host);
  }
}

interface Chosen {
  readonly command: Command;
  readonly values: Readonly<Record<string, unknown>>;
}

/** The command and its parsed values; undefined when help, version or completions were asked for, and given. */
async function choose(words: readonly string[], host: Host): Promise<Chosen | undefined> {
  let chosen: Chosen | undefined;
  let wrong: Error | undefined;
  const parser = yargs()
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
    .usageConfiguration({ 'hide-types': true })
    .completion(
      'completion',
      'print a script that completes commands and nodes in bash or zsh',
      completeNode(host),
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

/** Points whoever used a command wrongly to its help. */
function withHelp(error: unknown, words: readonly string[]): unknown {
  if (!(error instanceof CliError) || error.code !== 'USAGE') return error;
  const command = commands.find(({ usage }) => usage.split(' ')[0] === words[0]);
  const help = command ? `rollcall ${words[0]} --help` : 'rollcall --help';
  return new CliError('USAGE', error.message, {
    advice: [...error.advice, `See \`${help}\`.`],
    cause: error,
  });
}

async function untilInterrupted(running: Promise<void>, { signal }: Host, command: Command): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    running.then(resolve, reject);
    const interrupted = () => reject(interruption(command));
    if (signal.aborted) interrupted();
    else signal.addEventListener('abort', interrupted, { once: true });
  });
}

function interruption({ changes }: Command): CliError {
  if (!changes) return new CliError('INTERRUPTED', '');
  return new CliError('INTERRUPTED', 'interrupted; what runs keeps running as it is now', {
    advice: '`rollcall ps` shows what there is. The same command again goes on from there.',
  });
}

function report(error: unknown, { stderr }: Host): number {
  const paint = paintFor(stderr);
  if (!(error instanceof CliError)) {
    const told = error instanceof Error ? (error.stack ?? error.message) : String(error);
    stderr.write(`${paint('red', 'rollcall: a mistake in rollcall itself, please report it:')}\n${told}\n`);
    return EXIT.bug;
  }
  if (error.message === '') return error.exitCode;
  stderr.write(`${paint('red', 'rollcall:')} ${error.message} ${paint('gray', `[${error.code}]`)}\n`);
  for (const line of error.advice) stderr.write(`  ${line}\n`);
  return error.exitCode;
}
