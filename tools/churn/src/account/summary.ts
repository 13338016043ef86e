import { type Kind, kinds, type Lag, type RequestRecord } from '../load/record.ts';
import { DISTURBANCES, type Disturbance } from '../schedule.ts';
import { type Harmed, judge } from './judge.ts';
import { type Measures, measure } from './measures.ts';
import type { Window } from './window.ts';

export interface KindRow {
  readonly kind: Kind;
  readonly sent: number;
  readonly right: number;
  /** Of those right: sent a second time by the client, as its connection broke. */
  readonly repeated: number;
  readonly lost: number;
}

export interface DisturbanceRow {
  readonly what: Disturbance;
  readonly count: number;
  /** Requests under way at some time between its beginning and its end. */
  readonly requests: number;
  readonly repeated: number;
  readonly lost: number;
}

/** What a run came to. */
export interface Summary {
  readonly kinds: readonly KindRow[];
  readonly disturbances: readonly DisturbanceRow[];
  /** Every request that was not simply answered right. */
  readonly harmed: readonly Harmed[];
  /** Those of them that no kill excuses: broken promises. */
  readonly broken: readonly Harmed[];
  readonly measures: Measures;
  readonly lag: Lag;
  /** Of HAProxy, as its handler counts them. */
  readonly reloads: number;
}

export function summarise(
  records: readonly RequestRecord[],
  windows: readonly Window[],
  { lag, reloads }: Pick<Summary, 'lag' | 'reloads'>,
): Summary {
  const harmed = judge(records, windows);
  return {
    kinds: kinds.map((kind) => kindRow(kind, records)).filter(({ sent }) => sent > 0),
    disturbances: DISTURBANCES.map((what) => disturbanceRow(what, records, windows, harmed)).filter(
      ({ count }) => count > 0,
    ),
    harmed,
    broken: harmed.filter(({ excuse }) => excuse === undefined),
    measures: measure(records, windows),
    lag,
    reloads,
  };
}

function kindRow(kind: Kind, records: readonly RequestRecord[]): KindRow {
  const own = records.filter((record) => record.kind === kind);
  const right = own.filter(({ outcome }) => outcome === 'right');
  return {
    kind,
    sent: own.length,
    right: right.length,
    repeated: right.filter(({ repeated }) => repeated !== undefined).length,
    lost: own.length - right.length,
  };
}

function disturbanceRow(
  what: Disturbance,
  records: readonly RequestRecord[],
  windows: readonly Window[],
  harmed: readonly Harmed[],
): DisturbanceRow {
  const own = windows.filter((window) => window.what === what);
  const met = harmed.filter(({ during }) => during.some((window) => window.what === what));
  const lost = met.filter(({ record }) => record.outcome === 'lost').length;
  const under = ({ sentAt, endedAt }: RequestRecord) =>
    own.some(({ from, until }) => sentAt <= until && endedAt >= from);
  return {
    what,
    count: own.length,
    requests: records.filter(under).length,
    repeated: met.length - lost,
    lost,
  };
}
