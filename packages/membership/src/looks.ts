import { OneAtATime } from './one-at-a-time.ts';

/** How soon a room follows what happens to others. What happens to its own node it follows at once, either way. */
export type Attention = 'close' | 'loose';

interface Pace {
  /** From the first hint to the look, ms: what happens meanwhile is seen by the same look. */
  readonly gatherMs: number;
  /** After a look, as a multiple of how long it took: so the part of the time that is spent on looks is limited. */
  readonly rest: number;
  /** After a look, the next one without any hint, ms: a hint may be lost. The rest is never longer. */
  readonly everyMs: number;
}

const PACES: Record<Attention, Pace> = {
  /** A whole cluster that starts is not read once for each of its nodes; a third of the time at most. */
  close: { gatherMs: 0, rest: 2, everyMs: 2_000 },
  /**
   * Most of what a node does as it comes or goes is over within the time that is waited; and the machine is left to
   * whoever has to follow at once. A twentieth of the time at most.
   */
  loose: { gatherMs: 250, rest: 19, everyMs: 5_000 },
};

export interface LooksOptions {
  readonly attention: Attention;
  readonly look: () => Promise<void>;
  /** Called when a look fails that nobody waits for. */
  readonly onFailure: (error: unknown) => void;
}

/** When to look: never twice at a time, at once or some time after a hint, and every few seconds without any. */
export class Looks {
  readonly #pace: Pace;
  readonly #look: () => Promise<void>;
  readonly #onFailure: (error: unknown) => void;
  readonly #runs = new OneAtATime(() => this.#lookOnce());
  #timer: NodeJS.Timeout | undefined;
  /** When the hints that came since the last look began are enough to look. */
  #gatheredAt: number | undefined;
  #restedAt = Number.NEGATIVE_INFINITY;
  #everyAt: number;
  #isLooking = false;
  #closed = false;

  constructor({ attention, look, onFailure }: LooksOptions) {
    this.#pace = PACES[attention];
    this.#look = look;
    this.#onFailure = onFailure;
    this.#everyAt = performance.now() + this.#pace.everyMs;
    this.#wait();
  }

  /** Resolves, or rejects, with a look that began no earlier than this call; any number of calls during a look are one more. */
  now(): Promise<void> {
    return this.#runs.run();
  }

  /** There is reason to look, but it is not urgent. */
  soon(): void {
    if (this.#gatheredAt !== undefined) return;
    this.#gatheredAt = performance.now() + this.#pace.gatherMs;
    if (!this.#isLooking) this.#wait();
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
  }

  async #lookOnce(): Promise<void> {
    clearTimeout(this.#timer);
    this.#gatheredAt = undefined;
    this.#isLooking = true;
    const beganAt = performance.now();
    try {
      await this.#look();
    } finally {
      const endedAt = performance.now();
      const { rest, everyMs } = this.#pace;
      // A look at an agent that is away takes until it is back: not a measure of the next one.
      this.#restedAt = endedAt + Math.min(rest * (endedAt - beganAt), everyMs);
      this.#everyAt = endedAt + everyMs;
      this.#isLooking = false;
      this.#wait();
    }
  }

  /** For the next look that is due by itself; one that is asked for takes its place. */
  #wait(): void {
    clearTimeout(this.#timer);
    if (this.#closed) return;
    const hintedAt = Math.max(this.#gatheredAt ?? Number.POSITIVE_INFINITY, this.#restedAt);
    const waitMs = Math.min(hintedAt, this.#everyAt) - performance.now();
    if (waitMs > 0) this.#timer = setTimeout(() => this.#run(), waitMs);
    else this.#run();
  }

  #run(): void {
    this.now().catch(this.#onFailure);
  }
}
