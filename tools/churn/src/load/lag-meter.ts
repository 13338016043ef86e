import type { Lag } from './record.ts';

/** Milliseconds up to here are counted one by one. */
const FINE_MS = 1_000;

/** Measures how late requests are sent, in a histogram, so that hours of them take no memory. */
export class LagMeter {
  readonly #counts = new Uint32Array(FINE_MS + 1);
  #total = 0;
  #max = 0;

  add(ms: number): void {
    const slot = Math.min(FINE_MS, Math.floor(ms));
    this.#counts[slot] = (this.#counts[slot] ?? 0) + 1;
    this.#total += 1;
    this.#max = Math.max(this.#max, ms);
  }

  read(): Lag {
    let above = this.#total;
    const p99 = this.#counts.findIndex((count) => {
      above -= count;
      return above <= this.#total / 100;
    });
    return { p99: Math.max(0, p99), max: Math.round(this.#max) };
  }
}
