import type { Routing } from './routing.ts';

type Refused = Routing['refused'][number];

/** Services that start together settle who was first: only what stays is told. */
const REFUSED_FOR_MS = 3_000;

interface Known {
  readonly since: number;
  /** The nodes in whose stories it is. */
  readonly told: Set<string>;
}

/** Tells which claims stay refused: each once, and to each of its nodes once. */
export class ClaimChronicle {
  #known = new Map<string, Known>();

  read(
    refused: readonly Refused[],
    now: number,
  ): { claim: Omit<Refused, 'nodes'>; nodes: string[]; isNew: boolean }[] {
    const before = this.#known;
    this.#known = new Map();
    return refused.flatMap(({ nodes, ...claim }) => {
      const key = `${claim.service} ${claim.route} ${claim.reason}`;
      const known = before.get(key) ?? { since: now, told: new Set() };
      this.#known.set(key, known);
      if (now - known.since < REFUSED_FOR_MS) return [];
      const isNew = known.told.size === 0;
      const untold = nodes.filter((node) => !known.told.has(node));
      for (const node of untold) known.told.add(node);
      return untold.length === 0 ? [] : [{ claim, nodes: untold, isNew }];
    });
  }
}
