import type { RequestRecord } from '../load/record.ts';
import { nodesSeen } from './nodes-seen.ts';
import type { Window } from './window.ts';

/** Middle and tail of some durations, in ms. */
export interface Spread {
  readonly count: number;
  readonly median: number;
  readonly p99: number;
}

export interface Measures {
  /** From `docker run` to the first answer of the new node. */
  readonly runToFirstAnswer: Spread;
  /** The same of the node's app in a container by itself, which is asked directly. */
  readonly plainRunToFirstAnswer: Spread;
  /**
   * From the app's first passed check to its first answer through the balancer, the time until its turn among the servers
   * included.
   */
  readonly readyToFirstAnswer: Spread;
  /** From `docker stop` to the last request that was sent to the node. */
  readonly stopToLastRequest: Spread;
  /** From `docker stop` to the end of the container. */
  readonly stopToEnd: Spread;
}

/** How quick the cluster was, as its clients saw it. */
export function measure(
  records: Iterable<RequestRecord>,
  windows: readonly Window[],
  plainRuns: readonly number[],
): Measures {
  const seen = nodesSeen(records);
  const joins = windows.filter(({ what }) => what === 'join');
  const stops = windows.filter(({ what }) => what === 'stop');
  return {
    runToFirstAnswer: spread(joins.map(({ node, from }) => (seen.get(node)?.firstEnd ?? Number.NaN) - from)),
    plainRunToFirstAnswer: spread(plainRuns),
    readyToFirstAnswer: spread(
      joins.map(({ node, readyAt = Number.NaN }) => (seen.get(node)?.firstEnd ?? Number.NaN) - readyAt),
    ),
    stopToLastRequest: spread(
      stops.map(({ node, from }) => Math.max(0, (seen.get(node)?.lastSent ?? Number.NaN) - from)),
    ),
    stopToEnd: spread(stops.map(({ from, until }) => until - from)),
  };
}

/** What could not be measured, as no answer came from that node, is left out. */
function spread(durations: readonly number[]): Spread {
  const sorted = durations.filter(Number.isFinite).sort((a, b) => a - b);
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
  return { count: sorted.length, median: at(0.5), p99: at(0.99) };
}
