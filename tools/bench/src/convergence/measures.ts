import { isHarmed, nodesSeen, type RequestRecord } from '@rollcall/churn';
import type { Course, Round } from './round.ts';

/** How quick a balancer followed, per round, in ms; what a round did not show is left out. */
export interface Measures {
  /** From `docker run` to the first answer that came through the balancer. */
  readonly runToFirst: readonly number[];
  /** From the app's first answer on its own port. */
  readonly readyToFirst: readonly number[];
  /** From `docker stop` to the last request that was sent to the node; 0 where none was. */
  readonly stopToLast: readonly number[];
  /** From `docker stop` to the container's end. */
  readonly stopToExit: readonly number[];
  /** From `docker kill` to the end of the last request that it harmed or delayed; 0 where none was. */
  readonly killToCalm: readonly number[];
  /** Requests lost or sent twice, in all, by what happened meanwhile. */
  readonly harmed: { readonly join: number; readonly stop: number; readonly kill: number };
  readonly sent: number;
}

/** A request that took so long was waiting for a node that was not there. */
const DELAYED_MS = 500;

export function measure({ rounds, records }: Course): Measures {
  const seen = nodesSeen(records);
  const served = rounds.flatMap((round) => {
    const first = seen.get(round.node)?.firstEnd;
    return first === undefined ? [] : [{ ...round, first }];
  });
  return {
    runToFirst: served.map(({ first, runAt }) => first - runAt),
    readyToFirst: served.map(({ first, readyAt }) => Math.max(0, first - readyAt)),
    stopToLast: served.map(({ node, stopAt }) => Math.max(0, (seen.get(node)?.lastSent ?? 0) - stopAt)),
    stopToExit: rounds.map(({ stopAt, stoppedAt }) => stoppedAt - stopAt),
    killToCalm: rounds.map(({ killAt, overAt }) =>
      Math.max(
        0,
        ...endedIn(records, killAt, overAt)
          .filter((record) => isHarmed(record) || record.endedAt - record.sentAt > DELAYED_MS)
          .map(({ endedAt }) => endedAt - killAt),
      ),
    ),
    harmed: {
      join: harmedIn(records, rounds, ({ runAt, stopAt }) => [runAt, stopAt]),
      stop: harmedIn(records, rounds, ({ stopAt, killAt }) => [stopAt, killAt]),
      kill: harmedIn(records, rounds, ({ killAt, overAt }) => [killAt, overAt]),
    },
    sent: records.length,
  };
}

function harmedIn(
  records: readonly RequestRecord[],
  rounds: readonly Round[],
  span: (round: Round) => [number, number],
): number {
  return rounds.reduce((sum, round) => {
    const [from, to] = span(round);
    return sum + endedIn(records, from, to).filter(isHarmed).length;
  }, 0);
}

const endedIn = (records: readonly RequestRecord[], from: number, to: number) =>
  records.filter(({ endedAt }) => endedAt >= from && endedAt < to);
