import type { RequestRecord } from '@rollcall/churn';
import { expect, it } from 'vitest';
import { brokenIn, firstAnswerMs, followed, JOINING, type Measured } from './followed.ts';

const windows = {
  join: { from: 0, struckBy: 10, until: 100 },
  stop: { from: 100, struckBy: 110, until: 200 },
  kill: { from: 200, struckBy: 210, until: 300 },
};

function record(given: Partial<RequestRecord>): RequestRecord {
  return { id: 0, kind: 'get', sentAt: 0, endedAt: 5, outcome: 'right', ...given };
}

const measured = (...records: RequestRecord[]): Measured => ({ windows, records });

it('counts by the change during which a request was sent, lost ones and repeated ones alike', () => {
  const records = [
    record({ sentAt: 20, outcome: 'lost' }),
    record({ sentAt: 30 }),
    record({ sentAt: 150, repeated: 'ECONNRESET' }),
    record({ sentAt: 400, outcome: 'lost' }),
  ];
  expect(followed(measured(...records))).toEqual({
    join: { requests: 2, failed: 1 },
    stop: { requests: 1, failed: 1 },
    kill: { requests: 0, failed: 0 },
  });
});

it('excuses a POST that was in flight when its node was killed, and nothing else', () => {
  const excused = record({ kind: 'post', sentAt: 205, endedAt: 230, outcome: 'lost' });
  const before = record({ kind: 'post', sentAt: 199, endedAt: 230, outcome: 'lost' });
  const late = record({ kind: 'post', sentAt: 220, endedAt: 230, outcome: 'lost' });
  const get = record({ kind: 'get', sentAt: 205, endedAt: 230, outcome: 'lost' });
  const stopped = record({ kind: 'post', sentAt: 105, endedAt: 130, outcome: 'lost' });
  expect(brokenIn(measured(excused, before, late, get, stopped))).toEqual([late, get, stopped]);
});

it('takes the first answer of the joining node that came back', () => {
  const slow = record({ node: JOINING, sentAt: 20, endedAt: 90 });
  const quick = record({ node: JOINING, sentAt: 30, endedAt: 40 });
  expect(firstAnswerMs(measured(slow, quick, record({ node: 's1' })))).toBe(40);
});
