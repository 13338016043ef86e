import type { Refusal } from './candidates.ts';
import type { Actual } from './load-balancer.ts';
import type { News } from './news.ts';
import type { Picture } from './reconciler.ts';
import { keyOf, type Registered } from './server.ts';

/** For how long a server's first request is looked out for closely. */
const CLOSELY_MS = 3_000;

/** A node that has just come may not have its tags yet: only what stays is told. */
const REFUSED_FOR_MS = 3_000;

interface Awaited {
  readonly since: number;
  /** The server, by `keyOf`. */
  readonly key: string;
  /** Requests that HAProxy had sent to it before. */
  readonly before: number;
}

/** Tells what one roster does not show: refusals that stay, a server's first request, and that nothing is in flight any more. */
export class Chronicle {
  readonly #awaited = new Map<string, Awaited>();
  /** Starts of nodes that are out of rotation and were told to be drained. */
  readonly #drained = new Set<string>();
  /** Since when; and whether it was told. */
  #refused = new Map<string, { readonly since: number; told: boolean }>();
  #last: Picture['actual'];

  /** A server has just been put into rotation. */
  applied(server: Pick<Registered, 'name' | 'backend'>, now: number): void {
    const key = keyOf(server);
    const before = this.#last?.servers.find((each) => keyOf(each) === key)?.requests ?? 0;
    this.#awaited.set(server.name, { since: now, key, before });
  }

  /** A first request may come at any moment. */
  isCurious(now: number): boolean {
    return [...this.#awaited.values()].some(({ since }) => now - since < CLOSELY_MS);
  }

  /** What a new picture tells. */
  read({ roster, actual }: Picture, now: number): News[] {
    const refusals = this.#readRefusals(roster.refused, now);
    return actual ? [...refusals, ...this.#readNumbers(roster, actual)] : refusals;
  }

  #readRefusals(refused: readonly Refusal[], now: number): News[] {
    const news: News[] = [];
    const before = this.#refused;
    this.#refused = new Map();
    for (const { name, reason } of refused) {
      const key = `${name} ${reason}`;
      const refusal = before.get(key) ?? { since: now, told: false };
      this.#refused.set(key, refusal);
      if (refusal.told || now - refusal.since < REFUSED_FOR_MS) continue;
      refusal.told = true;
      news.push({ node: name, what: 'refused', cause: reason });
    }
    return news;
  }

  #readNumbers(roster: Picture['roster'], actual: Actual): News[] {
    const isOtherProcess = this.#last !== undefined && this.#last.worker !== actual.worker;
    this.#last = actual;
    const present = new Map(actual.servers.map((server) => [keyOf(server), server]));
    const news: News[] = [];
    for (const [node, { since, key, before }] of this.#awaited) {
      const requests = present.get(key)?.requests;
      if (requests === undefined) this.#awaited.delete(node);
      else if (isOtherProcess) this.#awaited.set(node, { since, key, before: 0 });
      else if (requests > before) {
        this.#awaited.delete(node);
        news.push({ node, what: 'first-request', cause: 'got its first request' });
      }
    }
    const lives = new Set(roster.servers.map(({ name, boot }) => `${name} ${boot}`));
    for (const life of this.#drained) if (!lives.has(life)) this.#drained.delete(life);
    for (const server of roster.servers) {
      const { name, boot, mode } = server;
      const life = `${name} ${boot}`;
      if (mode === 'ready') this.#drained.delete(life);
      else if (present.get(keyOf(server))?.inFlight === 0 && !this.#drained.has(life)) {
        this.#drained.add(life);
        news.push({ node: name, what: 'drained', cause: 'has nothing in flight any more' });
      }
    }
    return news;
  }
}
