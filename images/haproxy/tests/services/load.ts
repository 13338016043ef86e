import type { Answer } from '@rollcall/testkit';

/** Sends one request after the other until it is ended, and tells what was answered: no request may be forgotten. */
export class Load {
  #isOver = false;
  readonly #counts = new Map<string, number>();
  readonly #running: Promise<void>;

  constructor(send: () => Promise<Answer>) {
    this.#running = this.#run(send);
  }

  /** Resolves with the answers, as `200 s1` or the error, and how often each came. */
  async end(): Promise<Record<string, number>> {
    this.#isOver = true;
    await this.#running;
    return Object.fromEntries(this.#counts);
  }

  async #run(send: () => Promise<Answer>): Promise<void> {
    while (!this.#isOver) {
      const told = await send().then(
        (answer) => `${answer.status} ${answer.json<{ host: string }>().host}`,
        (error: Error) => error.message,
      );
      this.#counts.set(told, (this.#counts.get(told) ?? 0) + 1);
    }
  }
}
