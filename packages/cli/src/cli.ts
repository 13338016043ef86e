import { choose } from './choose.ts';
import type { Command } from './command.ts';
import { commands } from './commands/index.ts';
import { CliError, EXIT } from './errors.ts';
import type { Host } from './host.ts';
import { paintFor } from './paint.ts';
import { clearLine } from './progress.ts';

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
  clearLine(stderr);
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
