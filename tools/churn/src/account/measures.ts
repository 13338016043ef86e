import type { RequestRecord } from '../load/record.ts';
import { nodesSeen } from './nodes-seen.ts';
import { quantile } from './quantile.ts';
import { overlaps, type Window } from './window.ts';

/** Middle and tail of some durations, in ms. */
export interface Spread {
  readonly count: number;
  readonly median: number;
  readonly p99: number;
}

export interface Measures {
  /** From `docker run` to the first answer of the new node, through whichever balancer. */
  readonly runToFirstAnswer: Spread;
  /** The same of the node's app in a container by itself, which is asked directly. */
  readonly plainRunToFirstAnswer: Spread;
  /**
   * From the app's first passed check to its first answer, through whichever balancer, the time until its turn among the
   * servers included.
   */
  readonly readyToFirstAnswer: Spread;
  /** From `docker stop` to the last request that was sent to the node. */
  readonly stopToLastRequest: Spread;
  /** From `docker stop` to the end of the container. */
  readonly stopToEnd: Spread;
}

/** A node that took long from its app's first passed check to its first answer. */
export interface SlowJoin {
  readonly node: string;
  readonly ms: number;
  /** What else went on between the two. */
  readonly beside: readonly Window[];
}

/** The slowest joins first; where no answer came from a node, it is not among them. */
export function slowestJoins(
  records: Iterable<RequestRecord>,
  windows: readonly Window[],
  most: number,
): SlowJoin[] {
  const seen = nodesSeen(records);
  const joins = windows.flatMap((window): SlowJoin[] => {
    const { what, node, readyAt } = window;
    const answeredAt = seen.get(node)?.firstEnd;
    if (what !== 'join' || readyAt === undefined || answeredAt === undefined) return [];
    const span = { from: readyAt, until: answeredAt };
    const beside = windows.filter((other) => other !== window && overlaps(other, span));
    return [{ node, ms: answeredAt - readyAt, beside }];
  });
  return joins.sort((a, b) => b.ms - a.ms).slice(0, most);
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
export function spread(durations: readonly number[]): Spread {
  const measured = durations.filter(Number.isFinite);
  const at = (share: number) => quantile(measured, share) ?? 0;
  return { count: measured.length, median: at(0.5), p99: at(0.99) };
}
