import { setTimeout as sleep } from 'node:timers/promises';
import type { CheckResult } from './check.ts';
import { afterCheck, nextCheckMs, type Readiness } from './readiness.ts';

export interface AppWatchParts {
  /** What is known of the app before the first check. */
  readonly before: Readiness;
  /** One check of the app; never rejects. */
  readonly check: (signal: AbortSignal) => Promise<CheckResult>;
  /** Called after each check with what it makes of the app. */
  readonly onCheck: (readiness: Readiness, before: Readiness) => void;
}

/** Checks the app again and again, as often as its readiness asks for. */
export class AppWatch {
  readonly #parts: AppWatchParts;
  readonly #closing = new AbortController();
  readonly #running: Promise<void>;
  #readiness: Readiness;
  #pause = new AbortController();

  constructor(parts: AppWatchParts) {
    this.#parts = parts;
    this.#readiness = parts.before;
    this.#running = this.#run();
  }

  get readiness(): Readiness {
    return this.#readiness;
  }

  /** Checks now, not at the next turn. */
  lookAgain(): void {
    this.#pause.abort();
  }

  async close(): Promise<void> {
    this.#closing.abort();
    this.#pause.abort();
    await this.#running;
  }

  async #run(): Promise<void> {
    while (!this.#closing.signal.aborted) {
      const result = await this.#parts.check(this.#closing.signal);
      if (this.#closing.signal.aborted) return;
      const before = this.#readiness;
      this.#readiness = afterCheck(before, result, Date.now());
      this.#parts.onCheck(this.#readiness, before);
      await this.#wait(nextCheckMs(this.#readiness, Date.now()));
    }
  }

  async #wait(ms: number): Promise<void> {
    this.#pause = new AbortController();
    if (this.#closing.signal.aborted) return;
    await sleep(ms, undefined, { signal: this.#pause.signal }).catch(() => undefined);
  }
}
