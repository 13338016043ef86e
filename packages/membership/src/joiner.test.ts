import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Joiner, type JoinerOptions } from './joiner.ts';
import type { MemberRecord } from './wire.ts';

const silent = { debug() {}, info() {}, warn() {}, error() {} };
const at = (host: number) => `10.0.0.${host}:7946`;
const member = (host: number, Status = 'alive'): MemberRecord => ({
  Name: `n${host}`,
  Addr: Uint8Array.of(10, 0, 0, host),
  Port: 7946,
  Tags: {},
  Status,
});

let joiner: Joiner;
beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  joiner.close();
  vi.useRealTimers();
});

/** A node n1 whose view is what `room` says; joining an address has no effect but to be recorded. */
function observed(room: MemberRecord[], options: Partial<JoinerOptions> = {}) {
  const joined: string[] = [];
  joiner = new Joiner({
    node: 'n1',
    resolveSeeds: async () => [],
    isReachable: async () => true,
    join: async (addresses) => joined.push(...addresses),
    look: async () => joiner.seen(room),
    log: silent,
    ...options,
  });
  joiner.seen(room);
  return { joined, room };
}

test('alone, it tries all seeds but itself, again and again', async () => {
  const { joined } = observed([member(1)], { resolveSeeds: async () => [1, 2, 3, 4, 5, 6].map(at) });
  await joiner.round();
  expect(joined.sort()).toEqual([2, 3, 4, 5, 6].map(at));
  await vi.advanceTimersByTimeAsync(60_000);
  expect(joined.length).toBeGreaterThan(5 * 50);
});

test('it joins by the addresses that it was prepared with, and resolves the seeds anew from then on', async () => {
  let resolved = 1;
  const { joined } = observed([member(1)], {
    resolveSeeds: async () => {
      resolved += 1;
      return [at(resolved)];
    },
  });
  joiner.prepare();
  expect(resolved).toBe(2);
  await joiner.round();
  expect([resolved, joined]).toEqual([2, [at(2)]]);
  await joiner.round();
  expect(joined).toEqual([2, 3].map(at));
});

test('in company, it asks seeds that are no members, each 30 s', async () => {
  const { joined, room } = observed([member(1), member(2)], { resolveSeeds: async () => [2, 3].map(at) });
  await joiner.round();
  await vi.advanceTimersByTimeAsync(30_000);
  expect(joined).toEqual([3, 3].map(at));
  room.push(member(3));
  await vi.advanceTimersByTimeAsync(60_000);
  expect(joined).toEqual([3, 3, 3].map(at));
});

test('left alone, it tries at once where the others were', async () => {
  const { joined, room } = observed([member(1), member(2), member(3, 'leaving')]);
  await joiner.round();
  room.splice(1, 2, member(2, 'failed'), member(3, 'left'));
  joiner.seen(room);
  await vi.advanceTimersByTimeAsync(0);
  expect(joined.sort()).toEqual([2, 3].map(at));
});

test('it joins by one address, and asks nobody whom it has met there', async () => {
  const room = [member(1)];
  const { joined } = observed(room, {
    resolveSeeds: async () => [2, 3, 4, 5].map(at),
    join: async (addresses) => {
      joined.push(...addresses);
      room.push(member(2), member(3), member(4), member(5));
      return addresses.length;
    },
  });
  await joiner.round();
  expect(joined).toHaveLength(1);
});

test('who does not answer keeps nobody from joining by another', async () => {
  const { joined } = observed([member(1)], {
    resolveSeeds: async () => [2, 3].map(at),
    isReachable: (address) => (address === at(2) ? new Promise(() => {}) : Promise.resolve(true)),
    join: async (addresses) => {
      joined.push(...addresses);
      joiner.seen([member(1), member(2), member(3)]);
      return addresses.length;
    },
    look: async () => {},
  });
  await joiner.round();
  expect(joined).toEqual([at(3)]);
});

test('who cannot be reached is not asked, and one failure does not stop it', async () => {
  const attempts: string[] = [];
  observed([member(1)], {
    resolveSeeds: async () => [2, 3, 4, 5].map(at),
    isReachable: async (address) => address !== at(3),
    join: async (addresses) => {
      attempts.push(...addresses);
      throw new Error('refused');
    },
  });
  await joiner.round();
  expect(attempts.sort()).toEqual([2, 4, 5].map(at));
});
