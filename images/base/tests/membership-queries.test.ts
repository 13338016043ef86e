import { defineQuery, drainQuery, idleQuery, type Room } from '@rollcall/membership';
import { until } from '@rollcall/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { SerfCluster } from './serf-cluster.ts';
import { backend, untilAlive } from './serf-rooms.ts';

const NAMES = ['a', 'b', 'c'] as const;
const timeoutMs = 20_000;
const leaver = { node: 'c', boot: 'first' };

let cluster: SerfCluster;
let rooms: Record<(typeof NAMES)[number], Room>;

beforeAll(async () => {
  cluster = await SerfCluster.open('membership-queries', { a: {}, b: {}, c: {} });
  await cluster.start(...NAMES);
  const room = (name: string, port: number) =>
    cluster.room(name, { seeds: [cluster.gossipAddress('a')], tags: backend(port) });
  rooms = { a: room('a', 1), b: room('b', 2), c: room('c', 3) };
  for (const one of Object.values(rooms)) await untilAlive(one, NAMES);
});

afterAll(async () => {
  await cluster?.close();
});

/** A query of one test's own, as each name has one handler for good. */
function drainNamed(name: string) {
  return defineQuery({ ...drainQuery, name });
}

const applied = (inFlight: number) => ({ applied: true, inFlight });

test('those named answer, the asking node too, and nobody else is asked', async () => {
  const asked: string[] = [];
  for (const name of NAMES) {
    rooms[name].queries.answer(drainQuery, async (payload, { from }) => {
      asked.push(`${name} by ${from}: ${payload.node} ${payload.boot}`);
      return { applied: true, inFlight: name.charCodeAt(0) };
    });
  }
  const result = await rooms.a.queries.ask(drainQuery, leaver, { nodes: ['a', 'b'], timeoutMs });
  expect(result.answers.get('a')).toEqual({ applied: true, inFlight: 97 });
  expect(result.answers.get('b')).toEqual({ applied: true, inFlight: 98 });
  expect(result.refused.size + result.missing.length).toBe(0);
  expect(asked.sort()).toEqual(['a by a: c first', 'b by a: c first']);
});

test('an answer may take its time: asking is over when the last one has come', async () => {
  const ends: (() => void)[] = [];
  rooms.a.queries.answer(idleQuery, async () => ({ idle: true, inFlight: 0 }));
  rooms.b.queries.answer(
    idleQuery,
    () => new Promise((resolve) => ends.push(() => resolve({ idle: true, inFlight: 0 }))),
  );
  const asking = rooms.c.queries.ask(idleQuery, leaver, { nodes: ['a', 'b'], timeoutMs });
  await until('b to be asked', () => ends.length > 0);
  for (const end of ends) end();
  expect([...(await asking).answers.keys()].sort()).toEqual(['a', 'b']);
});

test('nobody to ask is answered at once', async () => {
  const result = await rooms.a.queries.ask(drainQuery, leaver, { nodes: [], timeoutMs });
  expect(result).toEqual({ answers: new Map(), refused: new Map(), missing: [] });
});

test('what a handler throws is its refusal, and who says nothing is missing', async () => {
  const query = drainNamed('refused');
  rooms.b.queries.answer(query, async ({ node }) => {
    throw new Error(`no ${node} here`);
  });
  const nodes = ['b', 'c', 'nobody'];
  const result = await rooms.a.queries.ask(query, leaver, { nodes, timeoutMs });
  expect(result.refused).toEqual(new Map([['b', 'no c here']]));
  expect(result.missing).toEqual(['c', 'nobody']);
});

test('an answer of another shape is a refusal that says so', async () => {
  const query = drainNamed('shape');
  rooms.b.queries.answer(query, async () => ({ applied: 'yes', inFlight: 0 }) as never);
  const result = await rooms.a.queries.ask(query, leaver, { nodes: ['b'], timeoutMs });
  expect(result.refused).toEqual(new Map([['b', 'answer "applied" must be boolean, is "yes"']]));
});

test('a payload of another shape is not sent', async () => {
  const asking = rooms.a.queries.ask(drainNamed('unsent'), { node: 5, boot: '' } as never, { timeoutMs });
  await expect(asking).rejects.toMatchObject({ code: 'QUERY_INVALID' });
});

test.each([
  ['not JSON', Buffer.from([0xff, 0x00])],
  ['no envelope', Buffer.from('[]')],
  ['another shape', Buffer.from('{"from":"a","nonce":"1","limitMs":5,"ask":{"node":5}}')],
  ['a hostile node', Buffer.from('{"from":"}}{{","nonce":"1","limitMs":5,"ask":{"node":"c","boot":"x"}}')],
])('a query from elsewhere with %s is not answered, and hurts nobody', async (what, Payload) => {
  const query = drainNamed(`elsewhere: ${what}`);
  rooms.b.queries.answer(query, async () => applied(0));
  const client = await cluster.client('a');
  const seen: string[] = [];
  const filters = { FilterNodes: ['b'], RequestAck: true, RelayFactor: 0 };
  await client.query({ ...filters, Timeout: 1.5e9, Name: query.name, Payload }, ({ Type }) =>
    seen.push(Type),
  );
  await until('its deadline', () => seen.includes('done'));
  expect(seen).not.toContain('response');
  const result = await rooms.a.queries.ask(query, leaver, { nodes: ['b'], timeoutMs });
  expect(result.answers.size).toBe(1);
});

test('without names, whoever answers is heard until it is enough', async () => {
  const query = drainNamed('enough');
  for (const name of NAMES) rooms[name].queries.answer(query, async () => applied(0));
  const result = await rooms.a.queries.ask(query, leaver, { timeoutMs, until: (all) => all.size === 3 });
  expect([...result.answers.keys()].sort()).toEqual(['a', 'b', 'c']);
});

test('what does not fit into a packet says so, on the way there and on the way back', async () => {
  const query = drainNamed('long');
  rooms.b.queries.answer(query, async ({ node }) => ({ ...applied(0), padding: 'x'.repeat(1_100), node }));
  const asking = (bytes: number) =>
    rooms.a.queries.ask(query, { node: 'x'.repeat(bytes), boot: '' }, { nodes: ['b'], timeoutMs });
  await expect(asking(1_100)).rejects.toMatchObject({ code: 'QUERY_TOO_LONG' });
  const { refused } = await asking(750);
  expect(refused.get('b')).toMatch(/^its answer of \d+ bytes does not fit into one packet$/);
});

test('whoever asks may stop asking', async () => {
  const query = drainNamed('stopped');
  const stop = new AbortController();
  const ask = () => rooms.a.queries.ask(query, leaver, { timeoutMs, signal: stop.signal });
  const asking = ask();
  stop.abort(new Error('enough of this'));
  await expect(asking).rejects.toThrow('enough of this');
  await expect(ask()).rejects.toThrow('enough of this');
});

test('what the asking node throws over the answers is its own error', async () => {
  const query = drainNamed('thrown');
  rooms.b.queries.answer(query, async () => applied(0));
  const until = () => {
    throw new Error('what was I looking for?');
  };
  await expect(rooms.a.queries.ask(query, leaver, { timeoutMs, until })).rejects.toThrow('looking for');
  expect((await rooms.a.queries.ask(query, leaver, { nodes: ['b'], timeoutMs })).answers.size).toBe(1);
});

test('a handler hears of the deadline, and what it answers after that is dropped', async () => {
  const query = drainNamed('late');
  const over = new AbortController();
  let answered = false;
  rooms.b.queries.answer(query, async (_payload, { signal }) => {
    await new Promise((resolve) => signal.addEventListener('abort', resolve));
    await new Promise((resolve) => over.signal.addEventListener('abort', resolve));
    answered = true;
    return applied(0);
  });
  const { missing } = await rooms.a.queries.ask(query, leaver, { nodes: ['b'], timeoutMs });
  expect(missing).toEqual(['b']);
  over.abort();
  await until('the late answer', () => answered);
  const next = drainNamed('after it');
  rooms.b.queries.answer(next, async () => applied(0));
  expect((await rooms.a.queries.ask(next, leaver, { nodes: ['b'], timeoutMs })).answers.size).toBe(1);
});

test('a query has one handler', () => {
  const query = drainNamed('twice');
  const answer = () => rooms.a.queries.answer(query, async () => applied(0));
  answer();
  expect(answer).toThrow(expect.objectContaining({ code: 'QUERY_ANSWERED_TWICE' }));
});
