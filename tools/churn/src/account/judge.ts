import { KINDS, type RequestRecord } from '../load/record.ts';
import { isUnder, type Window } from './window.ts';

/** A request that was not simply answered right, and the disturbances that it may have met. */
export interface Harmed {
  readonly record: RequestRecord;
  readonly during: readonly Window[];
  /** The one of them that nobody can save it from; absent: a broken promise. */
  readonly excuse?: Window;
}

/** Looks at everything that was lost or had to be sent twice. */
export function judge(harmed: readonly RequestRecord[], windows: readonly Window[]): Harmed[] {
  return harmed.map((record) => {
    const during = windows.filter((window) => isUnder(window, record));
    const excuse = during.find((window) => excuses(window, record));
    return { record, during, ...(excuse && { excuse }) };
  });
}

function excuses(window: Window, record: RequestRecord): boolean {
  switch (window.what) {
    // What is in flight goes with it. Of that a POST cannot be sent again for its client, nor an answer that has begun;
    // everything else must be saved.
    case 'kill':
    case 'crash app':
      return isInFlight(window, record) && (record.outcome === 'right' || !KINDS[record.kind].repeatable);
    // The clients' own connections go with it, and nobody takes new ones until it is back.
    case 'crash haproxy':
      return true;
    default:
      return false;
  }
}

function isInFlight({ from, struckBy }: Window, { sentAt, endedAt }: RequestRecord): boolean {
  return sentAt <= struckBy && endedAt >= from;
}
