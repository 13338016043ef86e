import { rollcall } from '../src/cli.ts';
import { connect } from '../src/connect.ts';

export interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A command that runs, as a person at a keyboard has it. */
export class Terminal {
  readonly outcome: Promise<Outcome>;
  readonly #interrupt = new AbortController();
  #stdout = '';
  #stderr = '';

  constructor(words: readonly string[]) {
    const running = rollcall(words, {
      stdout: { write: (text) => (this.#stdout += text) },
      stderr: { write: (text) => (this.#stderr += text) },
      signal: this.#interrupt.signal,
      connect: () => connect(),
    });
    this.outcome = running.then((code) => ({ code, stdout: this.#stdout, stderr: this.#stderr }));
  }

  /** What it has printed so far, errors and progress included. */
  get text(): string {
    return this.#stdout + this.#stderr;
  }

  /** Ctrl-C. */
  interrupt(): void {
    this.#interrupt.abort();
  }
}

/** Runs `rollcall` to its end. */
export async function run(...words: string[]): Promise<Outcome> {
  return await new Terminal(words).outcome;
}

/**
 * Runs `rollcall` and expects it to succeed.
 *
 * @returns what it printed as its result
 */
export async function succeed(...words: string[]): Promise<string> {
  const { code, stdout, stderr } = await run(...words);
  if (code === 0) return stdout;
  throw new Error(`rollcall ${words.join(' ')} ended with ${code}:\n${stdout}${stderr}`);
}
