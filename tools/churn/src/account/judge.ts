import { KINDS, type RequestRecord } from '../load/record.ts';
import { isUnder, type Window } from './window.ts';

/** A request that was not simply answered right, and the disturbances that it may have met. */
export interface Harmed {
  readonly record: RequestRecord;
  readonly during: readonly Window[];
  /** The one of them that nobody can save it from; absent: a broken promise. */
  readonly excuse?: Window;
}

/**
 * Looks at everything that was lost or had to be sent again.
 *
 * @param balancers how many the clients know
 */
export function judge(
  harmed: readonly RequestRecord[],
  windows: readonly Window[],
  balancers: number,
): Harmed[] {
  return harmed.map((record) => {
    const during = windows.filter((window) => isUnder(window, record));
    const excuse = during.find((window) => excuses(window, record) || isLast(window, during, balancers));
    return { record, during, ...(excuse && { excuse }) };
  });
}

function excuses(window: Window, record: RequestRecord): boolean {
  switch (window.what) {
    // What is in flight goes with it. Of that a POST cannot be sent again for its client, nor an answer that has begun;
    // everything else must be saved.
    case 'kill':
    case 'crash app':
      return isInFlight(window, record) && isBeyondRepeat(record);
    // Its clients' connections go with it, and it takes no new ones until it is back; the others take them.
    case 'crash haproxy':
      return record.to === window.url && isBeyondRepeat(record);
    default:
      return false;
  }
}

/** Not to be saved by sending it again: it was, or must not be. */
function isBeyondRepeat({ outcome, kind }: RequestRecord): boolean {
  return outcome === 'right' || !KINDS[kind].repeatable;
}

/** Every balancer's HAProxy has crashed, this one's too: nobody is there to send anything to. */
function isLast(window: Window, during: readonly Window[], balancers: number): boolean {
  const crashed = during.filter(({ what }) => what === 'crash haproxy');
  return crashed.includes(window) && new Set(crashed.map(({ node }) => node)).size === balancers;
}

function isInFlight({ from, struckBy }: Window, { sentAt, endedAt }: RequestRecord): boolean {
  return sentAt <= struckBy && endedAt >= from;
}
