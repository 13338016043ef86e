import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CheckResult } from './check.ts';
import { afterCheck, nextCheckMs, notReadyYet, type Readiness } from './readiness.ts';

const passed: CheckResult = { passed: true };
const slow: CheckResult = { passed: false, problem: 'no answer', refused: false };
const refused: CheckResult = { passed: false, problem: 'connection refused', refused: true };

/** The readiness after checks that came a second apart, the first at 1,000. */
function after(...results: CheckResult[]): Readiness {
  return results.reduce(
    (before, result, index) => afterCheck(before, result, (index + 1) * 1_000),
    notReadyYet(0),
  );
}

describe('an app', () => {
  it.each<[string, CheckResult[], { ready: boolean; since: number }]>([
    ['is not ready before its first check', [], { ready: false, since: 0 }],
    ['is ready with the first check that passes', [refused, slow, passed], { ready: true, since: 3_000 }],
    ['stays ready when one check fails', [passed, slow], { ready: true, since: 1_000 }],
    [
      'stays ready when failures are not in a row',
      [passed, slow, passed, slow],
      { ready: true, since: 1_000 },
    ],
    ['is not ready after two failures in a row', [passed, slow, slow], { ready: false, since: 3_000 }],
    ['is not ready when a connection is refused', [passed, refused], { ready: false, since: 2_000 }],
    ['comes back with one check that passes', [passed, refused, slow, passed], { ready: true, since: 4_000 }],
  ])('%s', (_, results, expected) => {
    expect(after(...results)).toMatchObject(expected);
  });

  it('tells why its last check failed, until one passes', () => {
    expect(after(refused, slow).lastProblem).toBe('no answer');
    expect(after(slow, passed).lastProblem).toBeUndefined();
  });
});

describe('the next check', () => {
  it.each<[string, Readiness, number, number]>([
    ['of an app that has just started comes quickly', after(), 2_000, 25],
    ['of one that starts for long comes later', after(), 20_000, 100],
    ['of one that never starts comes four times a second', after(), 3_600_000, 250],
    ['of a ready app comes every second', after(passed), 60_000, 1_000],
    ['of a ready app that failed once comes soon', after(passed, slow), 60_000, 100],
    ['of one that was lost comes quickly', after(passed, refused), 2_000, 25],
  ])('%s', (_, readiness, now, ms) => {
    expect(nextCheckMs(readiness, now)).toBe(ms);
  });

  it('never comes at once nor never, even when the clock jumps', () => {
    const instant = fc.integer({ min: 0, max: 4_102_444_800_000 });
    fc.assert(
      fc.property(fc.boolean(), instant, fc.nat(5), instant, (ready, since, failures, now) => {
        const ms = nextCheckMs({ ready, since, failures }, now);
        return ms >= 25 && ms <= 1_000;
      }),
    );
  });
});
