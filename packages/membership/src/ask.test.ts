import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { drainQuery } from './announcements.ts';
import { ask, type SendQuery } from './ask.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const log = { debug() {}, info() {}, warn() {}, error() {} };
const asking = (send: SendQuery) =>
  ask({ node: 's1', send, log }, drainQuery, { node: 's1', boot: 'x' }, { nodes: ['ha'], timeoutMs: 1_000 });

test('an agent that dies with a query leaves its nodes missing, at the deadline', async () => {
  const result = asking(async () => {});
  await vi.advanceTimersByTimeAsync(1_000);
  expect(await result).toMatchObject({ missing: ['ha'] });
});

test('an agent that is not there within the time is asked nothing later', async () => {
  let given: AbortSignal | undefined;
  const result = asking((_query, signal) => {
    given = signal;
    return new Promise(() => {});
  });
  await vi.advanceTimersByTimeAsync(1_000);
  expect(await result).toMatchObject({ missing: ['ha'] });
  expect(given?.aborted).toBe(true);
});
