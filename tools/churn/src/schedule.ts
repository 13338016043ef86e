import { between, oneOf, type Random, seeded } from './random.ts';

/** What is done to a cluster while it serves. */
export const DISTURBANCES = [
  /** A new node comes. */
  'join',
  /** A node is stopped, as `docker stop` does. */
  'stop',
  /** A node's whole container is killed with -9, and a new one takes its place. */
  'kill',
  /** A process is killed with -9. */
  'crash app',
  'crash node handler',
  'crash node serf',
  'crash balancer handler',
  'crash balancer serf',
  'crash haproxy',
  /** The balancer's template changes, which takes a reload. */
  'reload',
] as const;

export type Disturbance = (typeof DISTURBANCES)[number];

/** How often each is to happen. */
export type Totals = Readonly<Record<Disturbance, number>>;

export interface Due {
  readonly what: Disturbance;
  /** ms from the start. */
  readonly at: number;
  /** In [0, 1): chooses the node that it happens to, among those that it can happen to then. */
  readonly draw: number;
}

export interface Room {
  /** Nodes at the start. */
  readonly initial: number;
  /** Never fewer than these are left by a stop. */
  readonly least: number;
  /** Never more than these are made by a join. */
  readonly most: number;
}

/**
 * A schedule with exactly these totals, the same one for the same seed: evenly spread over the time with some
 * jitter, in an order that keeps the number of nodes within its limits.
 *
 * @throws RangeError when no order can
 */
export function schedule(totals: Totals, durationMs: number, room: Room, seed: number): Due[] {
  const random = seeded(seed);
  const order = orderOf(totals, room, random);
  const slot = durationMs / order.length;
  return order.map((what, index) => ({
    what,
    at: Math.round((index + between(random, 10, 90) / 100) * slot),
    draw: random(),
  }));
}

function orderOf(totals: Totals, { initial, least, most }: Room, random: Random): Disturbance[] {
  const left = { ...totals };
  const order: Disturbance[] = [];
  let nodes = initial;
  for (;;) {
    const rest = DISTURBANCES.filter((what) => left[what] > 0);
    if (rest.length === 0) return order;
    const possible = rest.filter(
      (what) => (what !== 'join' || nodes < most) && (what !== 'stop' || nodes > least),
    );
    // Each as likely as there are of it still to come, so that none is left for the end.
    const what = oneOf(
      random,
      possible.flatMap((each) => Array<Disturbance>(left[each]).fill(each)),
    );
    if (what === undefined) {
      throw new RangeError(
        `${totals.join} joins and ${totals.stop} stops do not fit together: from ${initial} nodes, never fewer than ${least} nor more than ${most}`,
      );
    }
    left[what] -= 1;
    nodes += what === 'join' ? 1 : what === 'stop' ? -1 : 0;
    order.push(what);
  }
}
