import { CliError } from './errors.ts';

const NO_ANSWER = new Set([
  'ECONNREFUSED',
  'ENOENT',
  'EACCES',
  'ECONNRESET',
  'EPIPE',
  'ENOTFOUND',
  'ETIMEDOUT',
]);

/** What a client's failed call means to a person. */
export function engineError(host: string, what: string, error: unknown): CliError {
  const { code } = error as NodeJS.ErrnoException;
  if (statusOf(error) === undefined && NO_ANSWER.has(code ?? '')) {
    return new CliError('ENGINE_ABSENT', `the engine at ${host} does not answer any more (${code})`, {
      advice: 'Look whether it still runs, then run the command again: it goes on from where things are.',
      cause: error,
    });
  }
  const words = wordsOf(error);
  // Docker's words, Podman's, and the kernel's, when its own program for published ports cannot bind.
  if (/port is already allocated|address already in use|bind.*failed|proxy already running/i.test(words)) {
    return new CliError('PORT_TAKEN', `the engine could not ${what}: ${words}`, {
      advice: 'Choose other ports with --http and --stats.',
      cause: error,
    });
  }
  return new CliError('ENGINE_FAILED', `the engine could not ${what}: ${words}`, { cause: error });
}

/** The HTTP status of the engine's answer; undefined when there was no answer. */
export function statusOf(error: unknown): number | undefined {
  return (error as { statusCode?: number }).statusCode;
}

/** The engine's own words, without the client's around them. */
function wordsOf(error: unknown): string {
  const { json } = error as { json?: { message?: string } };
  return (json?.message ?? (error as Error).message).trim();
}
