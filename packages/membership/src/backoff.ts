/** Pauses between attempts, ms: each twice the last, from the least to the most. */
export class Backoff {
  readonly #leastMs: number;
  readonly #mostMs: number;
  #nextMs: number;

  constructor(leastMs: number, mostMs: number) {
    this.#leastMs = leastMs;
    this.#mostMs = mostMs;
    this.#nextMs = leastMs;
  }

  next(): number {
    const pause = this.#nextMs;
    this.#nextMs = Math.min(pause * 2, this.#mostMs);
    return pause;
  }

  reset(): void {
    this.#nextMs = this.#leastMs;
  }
}
