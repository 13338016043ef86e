import type { Ledger } from '../load/ledger.ts';
import { KINDS, type Kind, kinds, type Lag, type RequestRecord } from '../load/record.ts';
import { DISTURBANCES, type Disturbance } from '../schedule.ts';
import { type Harmed, judge } from './judge.ts';
import { type Measures, measure, type SlowJoin, slowestJoins } from './measures.ts';
import { nodesSeen } from './nodes-seen.ts';
import type { Passage } from './passage.ts';
import { type Stages, stagesOf } from './stages.ts';
import { isUnder, type Window } from './window.ts';

/** Of a hundred joins or fewer the slowest alone is the p99: what it met must be seen. */
const MOST_SLOW_JOINS = 3;

/** What became of some requests. */
interface Fates {
  /** Sent again by the client, as its connection broke or was refused, and then answered right. */
  readonly repeated: number;
  /** Lost, and safe to send again (RFC 9110, 9.2.2). */
  readonly lostIdempotent: number;
  readonly lostOther: number;
}

export interface KindRow extends Fates {
  readonly kind: Kind;
  readonly sent: number;
  readonly right: number;
}

export interface DisturbanceRow extends Fates {
  readonly what: Disturbance;
  readonly count: number;
  /** Requests under way at some time between its beginning and its end. */
  readonly requests: number;
}

/** A disturbance that did not come to its end, as a node did not come (back) into service. */
export interface Failure {
  readonly what: Disturbance;
  readonly why: string;
}

/** What a run has seen besides its requests. */
export interface Observed {
  /** How many balancers the clients know. */
  readonly balancers: number;
  readonly windows: readonly Window[];
  readonly failures: readonly Failure[];
  /** From `docker run` to the first answer of the app by itself, in ms. */
  readonly plainRuns: readonly number[];
  /** Of the joins of which the logs tell it. */
  readonly passages: readonly Passage[];
  readonly lag: Lag;
  /** Of HAProxy, as its handlers count them. */
  readonly reloads: number;
}

/** What a run came to. */
export interface Summary {
  readonly balancers: number;
  readonly kinds: readonly KindRow[];
  readonly disturbances: readonly DisturbanceRow[];
  /** Every request that was not simply answered right. */
  readonly harmed: readonly Harmed[];
  /** Those of them that no kill excuses: broken promises. */
  readonly broken: readonly Harmed[];
  readonly failures: readonly Failure[];
  readonly measures: Measures;
  readonly stages: Stages;
  readonly slowestJoins: readonly SlowJoin[];
  readonly lag: Lag;
  /** At most so many are expected as the template changed: membership needs none. */
  readonly reloads: { readonly count: number; readonly expected: number };
}

export function summarise(ledger: Ledger, observed: Observed): Summary {
  const { balancers, windows, failures, plainRuns, passages, lag, reloads } = observed;
  const harmed = judge(ledger.harmed(), windows, balancers);
  return {
    balancers,
    kinds: kindRows(ledger),
    disturbances: DISTURBANCES.map((what) => disturbanceRow(what, ledger, windows, harmed)).filter(
      ({ count }) => count > 0,
    ),
    harmed,
    broken: harmed.filter(({ excuse }) => excuse === undefined),
    failures,
    measures: measure(ledger, windows, plainRuns),
    stages: stagesOf(passages, nodesSeen(ledger)),
    slowestJoins: slowestJoins(ledger, windows, MOST_SLOW_JOINS),
    lag,
    reloads: { count: reloads, expected: windows.filter(({ what }) => what === 'reload').length },
  };
}

/** Whether everything is as promised. */
export function isKept({ broken, failures, reloads }: Summary): boolean {
  return broken.length === 0 && failures.length === 0 && reloads.count <= reloads.expected;
}

function kindRows(ledger: Ledger): KindRow[] {
  const sent = new Map<Kind, number>();
  for (const { kind } of ledger) sent.set(kind, (sent.get(kind) ?? 0) + 1);
  const harmed = ledger.harmed();
  return kinds.flatMap((kind): KindRow[] => {
    const count = sent.get(kind);
    if (count === undefined) return [];
    const fates = fatesOf(harmed.filter((record) => record.kind === kind));
    const right = count - fates.lostIdempotent - fates.lostOther;
    return [{ kind, sent: count, right, ...fates }];
  });
}

function disturbanceRow(
  what: Disturbance,
  ledger: Ledger,
  windows: readonly Window[],
  harmed: readonly Harmed[],
): DisturbanceRow {
  const own = windows.filter((window) => window.what === what);
  // What one kill excuses is no loss of a join that went on meanwhile.
  const met = harmed.filter(({ during, excuse }) =>
    (excuse ? [excuse] : during).some((window) => window.what === what),
  );
  let requests = 0;
  for (const record of ledger) if (own.some((window) => isUnder(window, record))) requests += 1;
  return { what, count: own.length, requests, ...fatesOf(met.map(({ record }) => record)) };
}

function fatesOf(harmed: readonly RequestRecord[]): Fates {
  const lost = harmed.filter(({ outcome }) => outcome === 'lost');
  const lostIdempotent = lost.filter(({ kind }) => KINDS[kind].repeatable).length;
  return {
    repeated: harmed.length - lost.length,
    lostIdempotent,
    lostOther: lost.length - lostIdempotent,
  };
}
