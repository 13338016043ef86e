import { encodeTags, generateGossipKey, SerfClient, type StreamRecord } from '@rollcall/membership';
import { until } from '@rollcall/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { SerfCluster } from './serf-cluster.ts';
import { backend } from './serf-rooms.ts';

const firstKey = generateGossipKey();
let cluster: SerfCluster;

beforeAll(async () => {
  const withKey = { settings: { key: firstKey } };
  const withKeyring = { settings: { keyringFile: 'keys.json' }, files: { 'keys.json': `["${firstKey}"]` } };
  cluster = await SerfCluster.open('membership-agent', {
    a: { serf: { tags: { color: 'red' } } },
    b: { serf: { tags: { color: 'blue' } } },
    left: {},
    failed: {},
    key: withKey,
    keyring: withKeyring,
    outside: { settings: { advertise: '192.0.2.7:9' } },
  });
  await cluster.start('a', 'b', 'left', 'failed', 'key', 'keyring', 'outside');
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

test('members are told with address and tags, and chosen by both', async () => {
  const client = await cluster.client('a');
  const members = await client.members();
  expect(members.map(({ Name }) => Name).sort()).toEqual(['a', 'b', 'failed', 'left']);
  const [blue, ...more] = await client.membersFiltered({ tags: { color: 'bl.*' }, status: 'alive' });
  expect(more).toEqual([]);
  expect(blue).toMatchObject({ Name: 'b', Tags: { color: 'blue' }, Port: 7947, Status: 'alive' });
  expect(blue?.Addr.length).toBeGreaterThanOrEqual(4);
  expect(await client.membersFiltered({ tags: { color: 'bl' } })).toEqual([]);
  expect((await client.membersFiltered({ name: 'f.*' })).map(({ Name }) => Name)).toEqual(['failed']);
});

test('a wrong expression costs the connection, and is told as that', async () => {
  const client = await cluster.client('a');
  await expect(client.membersFiltered({ name: '(' })).rejects.toMatchObject({ code: 'RPC_CLOSED' });
  await expect(client.members()).rejects.toMatchObject({ code: 'RPC_CLOSED' });
});

test('requests in one breath get each its own answer', async () => {
  const client = await cluster.client('a');
  const [members, stats, refused, more] = await Promise.allSettled([
    client.members(),
    client.stats(),
    client.listKeys(),
    client.membersFiltered({ name: 'a' }),
  ]);
  expect(members).toMatchObject({ status: 'fulfilled', value: { length: 4 } });
  expect(stats).toMatchObject({ status: 'fulfilled', value: { agent: { name: 'a' } } });
  expect(refused).toMatchObject({ status: 'rejected', reason: { code: 'RPC_REFUSED' } });
  expect(more).toMatchObject({ status: 'fulfilled', value: [{ Name: 'a' }] });
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

test('events reach those who stream them, with their payload whole', async () => {
  const [a, b] = [await cluster.client('a'), await cluster.client('b')];
  const events: StreamRecord[] = [];
  await b.stream(['user:deploy'], (event) => events.push(event));
  const payload = Uint8Array.from({ length: 256 }, (_, byte) => byte);
  await a.event('other', payload, { coalesce: false });
  await a.event('deploy', payload, { coalesce: false });
  await a.event('deploy', new Uint8Array(), { coalesce: false });
  await until('two events', () => events.length === 2);
  // Gossip keeps no order.
  expect(events).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ Event: 'user', Name: 'deploy', Payload: payload, Coalesce: false }),
      expect.objectContaining({ Event: 'user', Name: 'deploy', Payload: new Uint8Array() }),
    ]),
  );
});

test('the log can be watched once by a connection, next to other things', async () => {
  const client = await cluster.client('a');
  const lines: string[] = [];
  await client.monitor('DEBUG', (line) => lines.push(line));
  await expect(client.monitor('INFO', () => {})).rejects.toThrow('Monitor already exists');
  await expect(client.stream(['nonsense'], () => {})).rejects.toThrow('Invalid event filter');
  await client.members();
  await until('a line from the start', () => lines.some((line) => line.includes('EventMemberJoin: a ')));
});

test('a node that leaves ends its agent; one that failed can be let go', async () => {
  const a = await cluster.client('a');
  const gone = await cluster.client('left');
  await gone.leave();
  await until('left to have left', async () => (await statusOf(a, 'left')) === 'left');
  await gone.closed;

  await cluster.kill('failed');
  await until('failed to fail', async () => (await statusOf(a, 'failed')) === 'failed');
  await a.forceLeave('failed');
  await until('failed to be let go', async () => (await statusOf(a, 'failed')) === 'left');
  await a.forceLeave('failed', { prune: true });
  await until('failed to be forgotten', async () => (await statusOf(a, 'failed')) === undefined);
});

test('what nobody answers is refused', async () => {
  const a = await cluster.client('a');
  await expect(a.respond(4711, new Uint8Array())).rejects.toMatchObject({ code: 'RPC_REFUSED' });
});

test('gossip keys are changed while everybody stays, and the change outlives an agent with a keyring', async () => {
  const [key, keyring] = [await cluster.client('key'), await cluster.client('keyring')];
  expect(await key.join([cluster.gossipAddress('keyring')])).toBe(1);
  await until('both', async () => (await keyring.members()).length === 2);
  const next = generateGossipKey();
  expect(await key.installKey(next)).toMatchObject({ NumNodes: 2, NumErr: 0 });
  expect(await key.useKey(next)).toMatchObject({ NumNodes: 2, NumErr: 0 });
  expect(await key.removeKey(firstKey)).toMatchObject({ NumNodes: 2, NumErr: 0 });
  expect((await keyring.listKeys()).Keys).toEqual({ [next]: 2 });
  await expect(key.join([cluster.gossipAddress('a')])).rejects.toMatchObject({ code: 'RPC_REFUSED' });

  await cluster.crash('keyring');
  await keyring.closed;
  const again = await until('its next life', () => cluster.client('keyring'));
  expect(await again.join([cluster.gossipAddress('key')])).toBe(1);
});

test('an agent tells others the address that it was told to', async () => {
  const [own] = await (await cluster.client('outside')).members();
  expect(own).toMatchObject({ Name: 'outside', Port: 9 });
  expect([...(own?.Addr ?? [])].slice(-4)).toEqual([192, 0, 2, 7]);
});
