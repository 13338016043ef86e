import type { News } from './news.ts';
import type { Picture } from './reconciler.ts';

/** For how long a server's first request is looked out for closely. */
const CLOSELY_MS = 3_000;

interface Awaited {
  readonly since: number;
  /** Requests that HAProxy had sent to the server before. */
  readonly before: number;
}

/** Tells what only HAProxy's own numbers show: a server's first request, and that nothing is in flight there any more. */
export class Chronicle {
  readonly #awaited = new Map<string, Awaited>();
  /** Starts of nodes that are out of rotation and were told to be drained. */
  readonly #drained = new Set<string>();
  #last: Picture['actual'];

  /** A server has just been put into rotation. */
  applied(node: string, now: number): void {
    const before = this.#last?.servers.find(({ name }) => name === node)?.requests ?? 0;
    this.#awaited.set(node, { since: now, before });
  }

  /** A first request may come at any moment. */
  isCurious(now: number): boolean {
    return [...this.#awaited.values()].some(({ since }) => now - since < CLOSELY_MS);
  }

  /** What a new picture tells. */
  read({ roster, actual }: Picture): News[] {
    if (!actual) return [];
    const isOtherProcess = this.#last !== undefined && this.#last.worker !== actual.worker;
    this.#last = actual;
    const present = new Map(actual.servers.map((server) => [server.name, server]));
    const news: News[] = [];
    for (const [node, { since, before }] of this.#awaited) {
      const requests = present.get(node)?.requests;
      if (requests === undefined) this.#awaited.delete(node);
      else if (isOtherProcess) this.#awaited.set(node, { since, before: 0 });
      else if (requests > before) {
        this.#awaited.delete(node);
        news.push({ node, what: 'first-request', cause: 'got its first request' });
      }
    }
    for (const { name, boot, mode } of roster.servers) {
      const life = `${name} ${boot}`;
      if (mode === 'ready') this.#drained.delete(life);
      else if (present.get(name)?.inFlight === 0 && !this.#drained.has(life)) {
        this.#drained.add(life);
        news.push({ node: name, what: 'drained', cause: 'has nothing in flight any more' });
      }
    }
    return news;
  }
}
