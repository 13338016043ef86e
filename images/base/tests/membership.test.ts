import { isDeepStrictEqual } from 'node:util';
import { until } from '@rollcall/testkit';
import { afterEach, expect, test } from 'vitest';
import { SerfCluster } from './serf-cluster.ts';
import { alive, backend, changesOf, kindsOf, member, tagsOf, untilAlive } from './serf-rooms.ts';

let cluster: SerfCluster;
afterEach(async () => {
  await cluster?.close();
});

async function open(agents: Parameters<typeof SerfCluster.open>[1]): Promise<void> {
  cluster = await SerfCluster.open('membership', agents);
}

/** The rooms of agents that are running, with everybody in them. */
async function openTogether(...names: string[]) {
  await open(Object.fromEntries(names.map((name) => [name, {}])));
  await cluster.start(...names);
  const [first = ''] = names;
  const seeds = [cluster.gossipAddress(first)];
  const rooms = names.map((name, index) => cluster.room(name, { seeds, tags: backend(3000 + index) }));
  for (const room of rooms) await untilAlive(room, names);
  return rooms;
}

test('everybody is found, whatever starts first: rooms, agents or seeds', async () => {
  await open({ a: {}, b: {}, c: {} });
  const seeds = [cluster.gossipAddress('b'), 'no-such-host.invalid'];
  const rooms = ['c', 'a', 'b'].map((node) => cluster.room(node, { seeds }));
  await cluster.start('c');
  await cluster.start('a');
  await cluster.start('b');
  for (const room of rooms) await untilAlive(room, ['a', 'b', 'c']);
});

test('a first view is of the room that was joined, not of a node alone', async () => {
  await open({ a: {}, b: {}, c: {} });
  await cluster.start('a', 'b', 'c');
  const seeds = [cluster.gossipAddress('a')];
  // Both: the agent that joins knows the other one a moment earlier.
  const others = ['a', 'b'].map((node) => cluster.room(node, { seeds }));
  for (const other of others) await untilAlive(other, ['a', 'b']);
  const room = cluster.room('c', { seeds });
  const first = await new Promise((resolve) => room.once('view', (_view, changes) => resolve(changes)));
  expect(first).toMatchObject(['a', 'b', 'c'].map((name) => ({ kind: 'joined', member: { name } })));
});

test('a node is never seen without its tags, and with the last ones in the end', async () => {
  await open({ a: {}, b: {} });
  await cluster.start('a');
  const seeds = [cluster.gossipAddress('a')];
  const a = cluster.room('a', { seeds });
  await untilAlive(a, ['a']);
  const changes = changesOf(a);
  await cluster.start('b');
  const b = cluster.room('b', { seeds, tags: backend(1) });
  await untilAlive(a, ['a', 'b']);
  expect(changes[0]).toMatchObject({ kind: 'joined', member: { name: 'b', tags: backend(1) } });

  await Promise.all([2, 3, 4, 5].map((port) => b.setTags(backend(port))));
  expect((await (await cluster.client('b')).members()).find(({ Name }) => Name === 'b')?.Tags['port']).toBe(
    '5',
  );
  await until('the last tags at a', () => isDeepStrictEqual(tagsOf(a, 'b'), backend(5)));
});

test('tags of another role leave nothing behind of the last', async () => {
  const [a, b] = await openTogether('a', 'b');
  await b?.setTags({ role: 'balancer', boot: 'first' });
  const own = (await (await cluster.client('b')).members()).find(({ Name }) => Name === 'b');
  expect(own?.Tags).toEqual({ v: '1', role: 'balancer', boot: 'first' });
  await until('the new role at a', () => a && tagsOf(a, 'b')?.role === 'balancer');
});

test('what is spread arrives, also when one of the nodes is gone', async () => {
  const [a, b, c] = await openTogether('a', 'b', 'c');
  await cluster.kill('c');
  await c?.close();
  await b?.setTags(backend(4000));
  await b?.spread(['a', 'c']);
  await b?.spread();
  await until('the tags at a', () => a && isDeepStrictEqual(tagsOf(a, 'b'), backend(4000)));
});

test('a node that leaves has left, and is no failure', async () => {
  const [a, b] = await openTogether('a', 'b');
  if (!a) throw new Error('no room');
  const changes = changesOf(a);
  await b?.close();
  await cluster.leave('b');
  await until('b to have left', () => member(a, 'b')?.status === 'left');
  expect(kindsOf(changes, 'b')).toContain('left');
  expect(kindsOf(changes, 'b')).not.toContain('failed');
});

test('a killed node fails, and returns with the boot of its next life', async () => {
  const [a, b] = await openTogether('a', 'b');
  if (!a) throw new Error('no room');
  const changes = changesOf(a);
  await b?.close();
  await cluster.kill('b');
  await until('b to fail', () => member(a, 'b')?.status === 'failed');

  await cluster.start('b');
  cluster.room('b', { seeds: [cluster.gossipAddress('a')], tags: backend(3001, 'second') });
  await until('the second b', () => tagsOf(a, 'b')?.boot === 'second' && member(a, 'b')?.status === 'alive');
  expect(kindsOf(changes, 'b').slice(0, 2)).toEqual(['failed', 'returned']);
});

test('an agent that crashes is back with its tags, and its room never forgot anybody', async () => {
  const rooms = await openTogether('a', 'b', 'c');
  const [a, b] = rooms;
  if (!a || !b) throw new Error('no room');
  const changes = changesOf(b);
  await cluster.crash('b');
  // Its own record shows them again, and the others are back in the agent itself.
  await until('b to be itself again', async () => {
    const members = await (await cluster.client('b')).members();
    const own = members.find(({ Name }) => Name === 'b');
    return members.length === 3 && own?.Tags['port'] === '3001';
  });
  await b.setTags(backend(5000));
  await until('new tags at a', () => isDeepStrictEqual(tagsOf(a, 'b'), backend(5000)));
  await until('new tags at b', () => isDeepStrictEqual(tagsOf(b, 'b'), backend(5000)));
  expect(changes.map(({ kind }) => kind)).not.toContain('gone');
});

test('a node left alone finds others again where they were, by itself', async () => {
  const [a, b] = await openTogether('a', 'b');
  if (!a) throw new Error('no room');
  await b?.close();
  await cluster.kill('b');
  await untilAlive(a, ['a']);
  // Nobody tells it of anybody.
  await cluster.start('b');
  await untilAlive(a, ['a', 'b']);
});

test('a listener that throws stops nobody', async () => {
  const [a, b] = await openTogether('a', 'b');
  if (!a) throw new Error('no room');
  a.prependListener('view', () => {
    throw new Error('not my day');
  });
  await b?.setTags(backend(6000));
  await until('new tags', () => isDeepStrictEqual(tagsOf(a, 'b'), backend(6000)));
  await b?.setTags(backend(6001));
  await until('newer tags', () => isDeepStrictEqual(tagsOf(a, 'b'), backend(6001)));
});

test('a closed room leaves its node where it is', async () => {
  const [a, b] = await openTogether('a', 'b');
  await b?.close();
  await expect(b?.setTags(backend(1))).rejects.toMatchObject({ code: 'ROOM_CLOSED' });
  const members = await (await cluster.client('a')).members();
  expect(members.map(({ Name, Status }) => `${Name} ${Status}`).sort()).toEqual(['a alive', 'b alive']);
  expect(a && alive(a)).toEqual(['a', 'b']);
});

test('members with hostile names or tags are refused, and hurt nobody', async () => {
  const good = {
    v: '1',
    role: 'backend',
    boot: 'x',
    svc: 'web',
    port: '80',
    state: 'ready',
    w: '1',
    chk: '/',
  };
  await open({
    a: {},
    b: {},
    long: { serf: { node_name: 'n'.repeat(500), tags: good } },
    odd: { serf: { node_name: '}}{{ /../\n"', tags: good } },
    path: { serf: { tags: { ...good, chk: '/../etc' } } },
    proto: { serf: { tags: { ...good, ['__proto__']: 'x', constructor: 'y' } } },
    silent: {},
    wrong: { serf: { tags: { ...good, port: 'http\nserver evil' } } },
  });
  const names = ['a', 'b', 'long', 'odd', 'path', 'proto', 'silent', 'wrong'];
  await cluster.start(...names);
  const a = cluster.room('a', {
    seeds: names.slice(1).map((name) => cluster.gossipAddress(name)),
    tags: backend(1),
  });
  const b = cluster.room('b', { tags: backend(2) });
  await until('everybody', () => alive(a).length === names.length && alive(b).length === names.length);

  const refusals = (a.view()?.members ?? []).map((one) => [
    one.name,
    'refused' in one ? one.refused : 'fine',
  ]);
  expect(refusals).toEqual([
    [expect.stringMatching(/^%6En+%[0-9a-f]{8}$/), expect.stringContaining('name')],
    ['%7D%7D%7B%7B%20%2F%2E%2E%2F%0A%22', expect.stringContaining('name')],
    ['a', 'fine'],
    ['b', 'fine'],
    ['path', 'tag "chk" must be a path without .., is "/../etc"'],
    ['proto', 'fine'],
    ['silent', 'it has not said its role yet'],
    ['wrong', 'tag "port" must be a whole number from 1 to 65535, is "http\\nserver evil"'],
  ]);
  await b.setTags(backend(3));
  await until('tags among the others', () => isDeepStrictEqual(tagsOf(a, 'b'), backend(3)));
});
