import { expect, test } from 'vitest';
import { type Deferred, defer } from './deferred.ts';
import { MembershipError } from './errors.ts';
import { TagKeeper } from './tag-keeper.ts';

const silent = { debug() {}, info() {}, warn() {}, error() {} };

function observed() {
  const given: { tags: object; deleted: readonly string[]; reply: Deferred<void> }[] = [];
  const keeper = new TagKeeper((tags, deleted) => {
    const reply = defer<void>();
    given.push({ tags, deleted, reply });
    return reply.promise;
  }, silent);
  return { given, keeper };
}

const [one, two, three] = [{ role: 'one' }, { role: 'two' }, { role: 'three' }];

test('tags are given when the agent is first seen, and settled when it shows them', async () => {
  const { given, keeper } = observed();
  const set = keeper.set(one);
  expect(given).toEqual([]);
  keeper.seen({});
  expect(given).toMatchObject([{ tags: one, deleted: [] }]);
  keeper.seen(one);
  await set;
  await keeper.settled();
  expect(given).toHaveLength(1);
});

test('of many, the last ones win, and those before settle with them', async () => {
  const { given, keeper } = observed();
  keeper.seen({});
  const all = [keeper.set(one), keeper.set(two), keeper.set(three)];
  keeper.seen(one);
  expect(given.map(({ tags }) => tags)).toEqual([one, three]);
  keeper.seen(three);
  await Promise.all(all);
});

test('tags of before are deleted', () => {
  const { given, keeper } = observed();
  keeper.seen({ role: 'old', port: '1' });
  void keeper.set(one);
  expect(given).toMatchObject([{ tags: one, deleted: ['port'] }]);
});

test('going back while others are under way waits for those', async () => {
  const { given, keeper } = observed();
  keeper.seen(one);
  void keeper.set(two);
  let settled = false;
  const back = keeper.set(one).then(() => {
    settled = true;
  });
  keeper.seen(one);
  await Promise.resolve();
  expect(settled).toBe(false);
  keeper.seen(two);
  keeper.seen(one);
  await back;
  expect(given.map(({ tags }) => tags)).toEqual([two, one]);
});

test('an agent that has forgotten its tags gets them again', async () => {
  const { given, keeper } = observed();
  keeper.seen({});
  void keeper.set(one);
  keeper.seen(one);
  keeper.seen({});
  expect(given).toHaveLength(2);
  const settled = keeper.settled();
  keeper.seen(one);
  await settled;
});

test('tags that the agent refuses are an error, and tried again', async () => {
  const { given, keeper } = observed();
  keeper.seen({});
  const set = keeper.set(one);
  given[0]?.reply.reject(new MembershipError('RPC_REFUSED', 'no'));
  await expect(set).rejects.toMatchObject({ code: 'RPC_REFUSED' });
  keeper.seen({});
  expect(given).toHaveLength(2);
});

test('an agent that dies meanwhile is no error: its next life gets the tags', async () => {
  const { given, keeper } = observed();
  keeper.seen({});
  const set = keeper.set(one);
  given[0]?.reply.reject(new MembershipError('RPC_CLOSED', 'gone'));
  await Promise.allSettled([given[0]?.reply.promise]);
  await new Promise(setImmediate);
  keeper.seen({});
  expect(given).toHaveLength(2);
  keeper.seen(one);
  await set;
});

test('a late complaint about tags that are set is none', async () => {
  const { given, keeper } = observed();
  keeper.seen({});
  const set = keeper.set(one);
  keeper.seen(one);
  given[0]?.reply.reject(new MembershipError('RPC_REFUSED', 'timeout waiting for update broadcast'));
  await set;
  await keeper.settled();
});

test('closing rejects those who wait', async () => {
  const { keeper } = observed();
  const set = keeper.set(one);
  keeper.close(new MembershipError('ROOM_CLOSED', 'closed'));
  await expect(set).rejects.toMatchObject({ code: 'ROOM_CLOSED' });
});
