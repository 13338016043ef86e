import { isHarmed, type RequestRecord } from '@rollcall/churn';

export const CHANGES = ['join', 'stop', 'kill'] as const;
export type Change = (typeof CHANGES)[number];

/** What became of the requests that were sent from a change's beginning until it had been followed. */
export interface Followed {
  readonly requests: number;
  /** Not answered right, or not at the first time of sending. */
  readonly failed: number;
}

export interface Window {
  readonly from: number;
  /** When the container had stopped, been killed or been started. */
  readonly struckBy: number;
  readonly until: number;
}

export interface Measured {
  readonly records: readonly RequestRecord[];
  readonly windows: Readonly<Record<Change, Window>>;
}

export function followed(measured: Measured): Record<Change, Followed> {
  const of = (change: Change): Followed => {
    const window = measured.windows[change];
    return {
      requests: measured.records.filter((record) => isSentIn(record, window)).length,
      failed: failedIn(measured, window).length,
    };
  };
  return { join: of('join'), stop: of('stop'), kill: of('kill') };
}

/** What no promise allows: everything that failed, but POSTs that were in flight in the node that was killed. */
export function brokenIn(measured: Measured): RequestRecord[] {
  const { kill } = measured.windows;
  return failedIn(measured, ...Object.values(measured.windows)).filter(
    (record) => !mayGoWithKill(record, kill),
  );
}

function failedIn({ records }: Measured, ...windows: readonly Window[]): RequestRecord[] {
  return records.filter((record) => isHarmed(record) && windows.some((window) => isSentIn(record, window)));
}

const isSentIn = ({ sentAt }: RequestRecord, { from, until }: Window) => sentAt >= from && sentAt < until;

/** A POST that was in flight when the blow fell: nobody may send it again. */
function mayGoWithKill({ kind, sentAt, endedAt }: RequestRecord, { from, struckBy }: Window): boolean {
  return kind.startsWith('post') && sentAt <= struckBy && endedAt >= from;
}

/** The node that joins. */
export const JOINING = 's4';

/** From the start of the joining node to the first right answer from it. */
export function firstAnswerMs({ records, windows }: Measured): number {
  const ends = records.filter(({ node }) => node === JOINING).map(({ endedAt }) => endedAt);
  return Math.min(...ends) - windows.join.from;
}
