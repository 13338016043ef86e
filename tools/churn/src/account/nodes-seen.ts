import type { RequestRecord } from '../load/record.ts';

/** What clients saw of a node, in ms since the epoch. */
export interface NodeSeen {
  /** The end of its first answer. */
  readonly firstEnd: number;
  /** When the last request was sent that it answered. */
  readonly lastSent: number;
}

/** Every node that answered, by its name. */
export function nodesSeen(records: Iterable<RequestRecord>): ReadonlyMap<string, NodeSeen> {
  const seen = new Map<string, NodeSeen>();
  for (const { node, sentAt, endedAt } of records) {
    if (node === undefined) continue;
    const { firstEnd = endedAt, lastSent = sentAt } = seen.get(node) ?? {};
    seen.set(node, { firstEnd: Math.min(firstEnd, endedAt), lastSent: Math.max(lastSent, sentAt) });
  }
  return seen;
}
