import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { RestartKeeper } from './restart-keeper.ts';
import type { ServiceStatus } from './status.ts';
import type { Supervisor } from './supervisor.ts';

const log = { info: () => undefined, error: vi.fn() };
const steady: ServiceStatus = { name: 'steady', up: true, ready: true, held: false, since: 0 };

// A supervisor that fails, or forgets to tell, is what s6 cannot be driven to; all else is held on the real one.
let statuses: () => Promise<ServiceStatus[]>;
const up = vi.fn(async () => undefined);
const supervisor = {
  statuses: () => statuses(),
  holdSeconds: async () => 3,
  watch: () => () => undefined,
  up,
} as unknown as Supervisor;

beforeEach(() => vi.useFakeTimers({ now: 100_000 }));
afterEach(() => vi.useRealTimers());

it('looks again when the services could not be looked at', async () => {
  const seen: (readonly ServiceStatus[])[] = [];
  const keeper = new RestartKeeper(supervisor, log);
  statuses = () => Promise.reject(new Error('s6 is gone'));
  keeper.watch((now) => seen.push(now));
  await vi.advanceTimersByTimeAsync(0);
  expect(log.error).toHaveBeenCalledOnce();
  statuses = () => Promise.resolve([steady]);
  await vi.advanceTimersByTimeAsync(1000);
  expect(seen).toEqual([[steady]]);
  keeper.close();
});

it('starts a held service when its time is over, even if nothing told of a change', async () => {
  const keeper = new RestartKeeper(supervisor, log);
  statuses = async () => [{ ...steady, up: false, held: true, since: 99_000 }];
  keeper.watch(() => undefined);
  await vi.advanceTimersByTimeAsync(1999);
  expect(up).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(1);
  expect(up).toHaveBeenCalledExactlyOnceWith('steady');
  keeper.close();
});

it('tells of a status only when it is another one', async () => {
  const seen = vi.fn();
  const keeper = new RestartKeeper(supervisor, log);
  statuses = async () => [{ ...steady }];
  keeper.watch(seen);
  await vi.advanceTimersByTimeAsync(120_000);
  expect(seen).toHaveBeenCalledOnce();
  keeper.close();
});

it('does nothing after it was closed', async () => {
  up.mockClear();
  const keeper = new RestartKeeper(supervisor, log);
  statuses = async () => [{ ...steady, up: false, held: true, since: 0 }];
  keeper.watch(() => undefined);
  keeper.close();
  await vi.advanceTimersByTimeAsync(120_000);
  expect(up).not.toHaveBeenCalled();
});
