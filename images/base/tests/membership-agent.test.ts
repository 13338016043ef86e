import { encodeTags, generateGossipKey, SerfClient } from '@rollcall/membership';
import { until } from '@rollcall/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { SerfCluster } from './serf-cluster.ts';
import { backend } from './serf-rooms.ts';

const key = generateGossipKey();
let cluster: SerfCluster;

beforeAll(async () => {
  const withKey = { settings: { key } };
  cluster = await SerfCluster.open('membership-agent', {
    a: { serf: { tags: { color: 'red' } } },
    b: { serf: { tags: { color: 'blue' } } },
    left: {},
    failed: {},
    key: withKey,
    keyToo: withKey,
    outside: { settings: { advertise: '192.0.2.7:9' } },
  });
  await cluster.start('a', 'b', 'left', 'failed', 'key', 'keyToo', 'outside');
  const a = await cluster.client('a');
  await a.join(['b', 'left', 'failed'].map((name) => cluster.gossipAddress(name)));
});

afterAll(async () => {
  await cluster?.close();
});

async function statusOf(client: SerfClient, name: string): Promise<string | undefined> {
  return (await client.members()).find(({ Name }) => Name === name)?.Status;
}

test('an agent is spoken to only with its key', async () => {
  const rpc = { ...cluster.rpc('a'), authKey: 'another' };
  await expect(SerfClient.connect(rpc)).rejects.toMatchObject({ code: 'RPC_UNAUTHORIZED' });
});

test('members are told with address and tags', async () => {
  const client = await cluster.client('a');
  const members = await client.members();
  expect(members.map(({ Name }) => Name).sort()).toEqual(['a', 'b', 'failed', 'left']);
  const blue = members.find(({ Tags }) => Tags['color'] === 'blue');
  expect(blue).toMatchObject({ Name: 'b', Port: 7947, Status: 'alive' });
  expect(blue?.Addr.length).toBeGreaterThanOrEqual(4);
});

test('requests in one breath get each its own answer', async () => {
  const client = await cluster.client('a');
  const [members, joined, refused, more] = await Promise.allSettled([
    client.members(),
    client.join([cluster.gossipAddress('b')]),
    client.respond(4711, new Uint8Array()),
    client.members(),
  ]);
  expect(members).toMatchObject({ status: 'fulfilled', value: { length: 4 } });
  expect(joined).toMatchObject({ status: 'fulfilled', value: 1 });
  expect(refused).toMatchObject({ status: 'rejected', reason: { code: 'RPC_REFUSED' } });
  expect(more).toMatchObject({ status: 'fulfilled', value: { length: 4 } });
});

test('tags take what encodeTags takes for the most, and not a byte more', async () => {
  const client = await cluster.client('b');
  const path = (length: number) => `/${'x'.repeat(length)}`;
  const tags = (length: number) => ({ ...backend(80), check: { by: 'http' as const, path: path(length) } });
  const fits = (length: number) => {
    try {
      return encodeTags(tags(length)).chk !== undefined;
    } catch {
      return false;
    }
  };
  const most = Array.from({ length: 512 }, (_, length) => length).findLast(fits) ?? 0;
  await client.tags(encodeTags(tags(most)), ['color']);
  const raw = { ...encodeTags(tags(most)), chk: path(most + 1) };
  await expect(client.tags(raw)).rejects.toThrow('exceeds limit of 512 bytes');
  await client.tags({ color: 'blue' }, Object.keys(raw));
});

test('the log can be watched once by a connection, next to other things', async () => {
  const client = await cluster.client('a');
  const lines: string[] = [];
  await client.monitor('DEBUG', (line) => lines.push(line));
  await expect(client.monitor('INFO', () => {})).rejects.toThrow('Monitor already exists');
  await client.members();
  await until('a line from the start', () => lines.some((line) => line.includes('EventMemberJoin: a ')));
});

test('a node that leaves has left, one that is killed has failed', async () => {
  const a = await cluster.client('a');
  await cluster.leave('left');
  await until('left to have left', async () => (await statusOf(a, 'left')) === 'left');
  await cluster.kill('failed');
  await until('failed to fail', async () => (await statusOf(a, 'failed')) === 'failed');
});

test('what nobody answers is refused', async () => {
  const a = await cluster.client('a');
  await expect(a.respond(4711, new Uint8Array())).rejects.toMatchObject({ code: 'RPC_REFUSED' });
});

test('agents join those with the same gossip key, and no others', async () => {
  const client = await cluster.client('key');
  expect(await client.join([cluster.gossipAddress('keyToo')])).toBe(1);
  await expect(client.join([cluster.gossipAddress('a')])).rejects.toMatchObject({ code: 'RPC_REFUSED' });
});

test('an agent tells others the address that it was told to', async () => {
  const [own] = await (await cluster.client('outside')).members();
  expect(own).toMatchObject({ Name: 'outside', Port: 9 });
  expect([...(own?.Addr ?? [])].slice(-4)).toEqual([192, 0, 2, 7]);
});
