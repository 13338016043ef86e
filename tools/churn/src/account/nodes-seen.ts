import type { RequestRecord } from '../load/record.ts';

/** What clients saw of a node, in ms since the epoch. */
export interface NodeSeen {
  /** The end of its first answer. */
  readonly firstEnd: number;
  /** When the request was sent that it answers. */
  readonly firstSent: number;
  /** When the last request was sent that it answered. */
  readonly lastSent: number;
}

/** Every node that answered, by its name. */
export function nodesSeen(records: Iterable<RequestRecord>): ReadonlyMap<string, NodeSeen> {
  const seen = new Map<string, NodeSeen>();
  for (const { node, sentAt, endedAt } of records) {
    if (node === undefined) continue;
    const before = seen.get(node);
    const isFirst = before === undefined || endedAt < before.firstEnd;
    seen.set(node, {
      firstEnd: isFirst ? endedAt : before.firstEnd,
      firstSent: isFirst ? sentAt : before.firstSent,
      lastSent: Math.max(before?.lastSent ?? sentAt, sentAt),
    });
  }
  return seen;
}
