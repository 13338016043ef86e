import { setTimeout as pause } from 'node:timers/promises';
import type { Actual } from './load-balancer.ts';

/** How often HAProxy is asked while somebody waits. */
const LOOK_MS = 40;

/** Waits until HAProxy has nothing in flight at a server. All who wait share one series of looks. */
export class IdleWatch {
  readonly #look: () => Promise<Actual>;
  #next: Promise<Actual | undefined> | undefined;

  constructor(look: () => Promise<Actual>) {
    this.#look = look;
  }

  /**
   * Resolves with 0 as soon as nothing is in flight there, over all of HAProxy's processes; when the signal aborts, with
   * what still is. Until HAProxy has answered, 1 request at least may be in flight.
   */
  async untilIdle(name: string, signal: AbortSignal): Promise<number> {
    let inFlight = 1;
    while (!signal.aborted) {
      const actual = await this.#shared();
      if (actual) inFlight = inFlightAt(actual, name);
      if (inFlight === 0) return 0;
    }
    return inFlight;
  }

  #shared(): Promise<Actual | undefined> {
    this.#next ??= pause(LOOK_MS)
      .then(this.#look)
      .catch(() => undefined)
      .finally(() => {
        this.#next = undefined;
      });
    return this.#next;
  }
}

export function inFlightAt({ servers }: Actual, name: string): number {
  // A node that has changed its service may still be in two backends.
  return servers.reduce((sum, server) => sum + (server.name === name ? server.inFlight : 0), 0);
}
