import type { CheckResult } from './check.ts';

/** Whether the app is fit for traffic, as its checks tell. */
export interface Readiness {
  readonly ready: boolean;
  /** Since when, in ms since the epoch. */
  readonly since: number;
  /** Failed checks since the last that passed. */
  readonly failures: number;
  /** Why the last check failed; absent when it passed. */
  readonly lastProblem?: string;
}

/** How often a ready app is looked at. One that ends is seen at once, by its service's status. */
const WHILE_READY_MS = 1_000;
/** A ready app that failed once is looked at again soon: the second failure in a row takes it out. */
const AFTER_FAILURE_MS = 100;
const FAILURES_TO_LEAVE = 2;

/** An app that starts is looked at this often first ... */
const SOONEST_MS = 25;
/** ... and the longer it takes the less often, ... */
const SHARE_OF_TIME_WAITED = 0.005;
/** ... but not less than this. */
const LATEST_MS = 250;

export function notReadyYet(now: number): Readiness {
  return { ready: false, since: now, failures: 0 };
}

/** An app is ready with the first check that passes, and no longer with the second failure or a refused connection. */
export function afterCheck(before: Readiness, result: CheckResult, now: number): Readiness {
  if (result.passed) {
    return { ready: true, since: before.ready ? before.since : now, failures: 0 };
  }
  const failures = before.failures + 1;
  const ready = before.ready && !result.refused && failures < FAILURES_TO_LEAVE;
  const since = ready === before.ready ? before.since : now;
  return { ready, since, failures, lastProblem: result.problem };
}

/** How long to wait before the next check, in ms. */
export function nextCheckMs({ ready, since, failures }: Readiness, now: number): number {
  if (ready) return failures === 0 ? WHILE_READY_MS : AFTER_FAILURE_MS;
  const share = Math.round((now - since) * SHARE_OF_TIME_WAITED);
  return Math.min(LATEST_MS, Math.max(SOONEST_MS, share));
}
