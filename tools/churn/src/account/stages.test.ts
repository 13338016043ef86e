import { expect, it } from 'vitest';
import type { Passage } from './passage.ts';
import { stagesOf } from './stages.ts';

const passage: Passage = {
  node: 's3',
  run: 1_000,
  started: 1_100,
  hosted: 1_400,
  ready: 1_500,
  connected: 1_510,
  met: 1_510,
  seen: 1_530,
  planned: 1_550,
  applied: 1_560,
  appliedByAll: 1_640,
};
const first = { firstSent: 1_590, firstEnd: 1_600, lastSent: 9_000 };
const seen = new Map([['s3', first]]);

it('tells how long each part took, and its share of the way before or after the app was ready', () => {
  const { untilReady, sinceReady, readyToFirstRequest, readyToAppliedByAll } = stagesOf([passage], seen);
  const brief = (stages: typeof untilReady) => stages.map(({ took, share }) => [took.median, share]);
  expect(brief(untilReady)).toEqual([
    [100, 0.2],
    [300, 0.6],
    [100, 0.2],
  ]);
  expect(brief(sinceReady)).toEqual([
    [10, 0.1],
    [0, 0],
    [20, 0.2],
    [20, 0.2],
    [10, 0.1],
    [30, 0.3],
    [10, 0.1],
  ]);
  expect(readyToFirstRequest).toEqual({ count: 1, median: 90, p99: 90 });
  expect(readyToAppliedByAll).toEqual({ count: 1, median: 140, p99: 140 });
});

it('counts an answer to what had waited in HAProxy from when that had the server', () => {
  const { sinceReady } = stagesOf([passage], new Map([['s3', { ...first, firstSent: 1_200 }]]));
  expect(sinceReady.slice(-2).map(({ took }) => took.median)).toEqual([0, 40]);
});

it('takes an answer for a sign that the node had the request, whatever the balancers tell of it', () => {
  const { readyToFirstRequest } = stagesOf([{ ...passage, applied: 4_000 }], seen);
  expect(readyToFirstRequest.median).toBe(100);
});

it('leaves out nodes that no answer names', () => {
  const { sinceReady } = stagesOf([passage], new Map());
  expect(sinceReady.every(({ took, share }) => took.count === 0 && share === 0)).toBe(true);
});
