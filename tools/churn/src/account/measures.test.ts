import { expect, it } from 'vitest';
import type { RequestRecord } from '../load/record.ts';
import { measure, slowestJoins } from './measures.ts';
import type { Window } from './window.ts';

const answer = (node: string | undefined, sentAt: number, endedAt: number): RequestRecord => ({
  id: sentAt,
  kind: 'get',
  sentAt,
  endedAt,
  outcome: 'right',
  ...(node !== undefined && { node }),
});
const window = (
  what: Window['what'],
  node: string,
  from: number,
  until: number,
  readyAt?: number,
): Window => ({
  what,
  node,
  from,
  struckBy: from,
  until,
  ...(readyAt !== undefined && { readyAt }),
});

it('measures from run and from ready to the first answer, and from stop to the last request and to the end', () => {
  const records = [
    answer('s3', 1_520, 1_560),
    answer('s3', 1_500, 1_550),
    answer('s3', 5_100, 5_900),
    answer('s4', 1, 2),
  ];
  const windows = [window('join', 's3', 1_000, 2_000, 1_450), window('stop', 's3', 5_000, 6_000)];
  expect(measure(records, windows, [300, 200, 400])).toEqual({
    runToFirstAnswer: { count: 1, median: 550, p99: 550 },
    plainRunToFirstAnswer: { count: 3, median: 300, p99: 400 },
    readyToFirstAnswer: { count: 1, median: 100, p99: 100 },
    stopToLastRequest: { count: 1, median: 100, p99: 100 },
    stopToEnd: { count: 1, median: 1_000, p99: 1_000 },
  });
});

it('takes a node that got nothing after its stop for an immediate end of requests', () => {
  const { stopToLastRequest } = measure(
    [answer('s1', 4_000, 4_001)],
    [window('stop', 's1', 5_000, 6_000)],
    [],
  );
  expect(stopToLastRequest).toEqual({ count: 1, median: 0, p99: 0 });
});

it('leaves out nodes that no answer names', () => {
  const { runToFirstAnswer } = measure([answer(undefined, 1, 2)], [window('join', 's3', 0, 9)], []);
  expect(runToFirstAnswer).toEqual({ count: 0, median: 0, p99: 0 });
});

it('tells the slowest joins and what went on beside them', () => {
  const records = [answer('s3', 1_500, 1_550), answer('s4', 5_000, 5_900)];
  const kill = window('kill', 's1', 5_500, 9_000);
  const windows = [
    window('join', 's3', 1_000, 2_000, 1_450),
    window('join', 's4', 4_000, 6_000, 5_000),
    window('join', 's5', 4_000, 6_000, 6_500),
    window('stop', 's2', 2_000, 3_000),
    kill,
  ];
  expect(slowestJoins(records, windows, 1)).toEqual([{ node: 's4', ms: 900, beside: [windows[2], kill] }]);
  expect(slowestJoins(records, windows, 9).map(({ node }) => node)).toEqual(['s4', 's3']);
});
