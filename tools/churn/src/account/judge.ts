import { KINDS, type RequestRecord } from '../load/record.ts';
import type { Disturbance } from '../schedule.ts';
import type { Window } from './window.ts';

/** A request that was not simply answered right, and the disturbances that it may have met. */
export interface Harmed {
  readonly record: RequestRecord;
  readonly during: readonly Window[];
  /** The kill that it was in flight in, which nobody can save it from; absent: a broken promise. */
  readonly excuse?: Window;
}

/**
 * What takes requests in flight with it. A POST cannot be sent again for its client, nor an answer that has begun;
 * everything else must be saved.
 */
const DEADLY: readonly Disturbance[] = ['kill', 'crash app', 'crash haproxy'];

/** Everything that was lost or had to be sent twice. */
export function judge(records: readonly RequestRecord[], windows: readonly Window[]): Harmed[] {
  return records
    .filter(({ outcome, repeated }) => outcome === 'lost' || repeated !== undefined)
    .map((record) => {
      const during = windows.filter(({ from, until }) => record.sentAt <= until && record.endedAt >= from);
      const excuse = during.find((window) => excuses(window, record));
      return { record, during, ...(excuse && { excuse }) };
    });
}

function excuses(
  { what, from, struckBy }: Window,
  { kind, outcome, sentAt, endedAt }: RequestRecord,
): boolean {
  const inFlight = sentAt <= struckBy && endedAt >= from;
  const cannotBeSaved = outcome === 'right' || !KINDS[kind].repeatable;
  return DEADLY.includes(what) && inFlight && cannotBeSaved;
}
