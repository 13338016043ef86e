import type { RequestRecord } from '@rollcall/churn';
import { expect, it } from 'vitest';
import { measure } from './measures.ts';
import type { Round } from './round.ts';

const round: Round = {
  node: 'stop0',
  runAt: 1_000,
  readyAt: 1_400,
  stopAt: 5_000,
  stoppedAt: 7_000,
  killed: 'kill0',
  killAt: 9_000,
  overAt: 12_000,
};

let id = 0;
const request = (sentAt: number, endedAt: number, more: Partial<RequestRecord> = {}): RequestRecord => {
  id += 1;
  return { id, kind: 'get', sentAt, endedAt, outcome: 'right', ...more };
};

it('measures from what was done to what clients saw of it', () => {
  const records = [
    request(1_600, 1_610, { node: 'stop0' }),
    request(1_700, 1_710, { node: 'stop0' }),
    request(5_040, 5_400, { node: 'stop0' }),
    request(5_500, 5_510, { outcome: 'lost', why: 'status 503' }),
    request(9_100, 9_900),
    request(9_300, 9_950, { repeated: 'ECONNRESET' }),
    request(9_990, 9_995),
  ];
  expect(measure({ rounds: [round], records })).toEqual({
    runToFirst: [610],
    readyToFirst: [210],
    stopToLast: [40],
    stopToExit: [2_000],
    killToCalm: [950],
    harmed: { join: 0, stop: 1, kill: 1 },
    sent: 7,
  });
});

it('leaves out what was never served, and finds nothing harmed where nothing was', () => {
  const { runToFirst, stopToLast, killToCalm } = measure({ rounds: [round], records: [] });
  expect({ runToFirst, stopToLast, killToCalm }).toEqual({
    runToFirst: [],
    stopToLast: [],
    killToCalm: [0],
  });
});
