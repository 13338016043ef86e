import { encode } from '@msgpack/msgpack';
import { afterEach, expect, test, vi } from 'vitest';
import { type Connection, FakeAgent, type Request } from './fake-agent.ts';
import { SerfClient } from './serf-client.ts';
import type { QueryBody, QueryRecord } from './wire.ts';

let agent: FakeAgent | undefined;
let client: SerfClient | undefined;
afterEach(async () => {
  vi.useRealTimers();
  await client?.close();
  await agent?.close();
});

async function connectTo(behave: (request: Request, connection: Connection) => void): Promise<SerfClient> {
  agent = await FakeAgent.listen(behave);
  client = await SerfClient.connect(agent.rpc);
  return client;
}

const joined = { Num: 7 };
const query: QueryBody = {
  FilterNodes: [],
  RequestAck: false,
  RelayFactor: 0,
  Timeout: 1e9,
  Name: 'test',
  Payload: new Uint8Array(),
};

test('nobody there is unreachable', async () => {
  const nobody = SerfClient.connect({ host: '127.0.0.1', port: 1, authKey: '' });
  await expect(nobody).rejects.toMatchObject({
    code: 'RPC_UNREACHABLE',
    message: expect.stringContaining('127.0.0.1:1'),
    cause: expect.anything(),
  });
});

test('the end of a connection ends all that is pending, and says so', async () => {
  const ending = await connectTo((request, connection) => {
    if (request.command === 'join') connection.end();
  });
  const pending = await Promise.allSettled([ending.members(), ending.join(['a']), ending.tags({})]);
  for (const outcome of pending) expect(outcome).toMatchObject({ reason: { code: 'RPC_CLOSED' } });
  expect(await ending.closed).toMatchObject({ code: 'RPC_CLOSED' });
  await expect(ending.members()).rejects.toMatchObject({ code: 'RPC_CLOSED' });
});

test.each<[string, (request: Request, connection: Connection) => void]>([
  ['garbage', (_request, connection) => connection.sendRaw(Uint8Array.of(0xc1))],
  ['an answer to nothing', ({ seq }, connection) => connection.reply(seq + 1)],
  [
    'a second answer',
    ({ seq }, connection) => [connection.reply(seq, joined), connection.reply(seq, joined)],
  ],
  ['a header that is none', (_request, connection) => connection.sendRaw(encode('hello'))],
])('%s costs the connection', async (_what, behave) => {
  const broken = await connectTo(behave);
  broken.join(['a']).catch(() => {});
  expect(await broken.closed).toMatchObject({ code: 'RPC_GARBLED' });
});

test.each([
  ['members without addresses', { Members: [{ Name: 's1', Port: 1, Tags: {}, Status: 'alive' }] }],
  ['members that are no list', { Members: 5 }],
  ['no map', 'hello'],
])('%s are garbled, and cost nothing else', async (_what, body) => {
  const odd = await connectTo(({ command, seq }, connection) =>
    connection.reply(seq, command === 'members' ? body : joined),
  );
  await expect(odd.members()).rejects.toMatchObject({ code: 'RPC_GARBLED' });
  expect(await odd.join(['a'])).toBe(7);
});

test('an error has its body all the same, or none when it is for lack of a key', async () => {
  const refusing = await connectTo(({ command, seq }, connection) => {
    if (command === 'join') connection.reply(seq, { Num: 0 }, 'nobody there');
    else if (command === 'members') connection.reply(seq, undefined, 'Authentication required');
    else connection.reply(seq);
  });
  const [join, members, last] = await Promise.allSettled([
    refusing.join(['a']),
    refusing.members(),
    refusing.tags({}),
  ]);
  expect(join).toMatchObject({
    reason: { code: 'RPC_REFUSED', message: expect.stringContaining('nobody there') },
  });
  expect(members).toMatchObject({ reason: { code: 'RPC_UNAUTHORIZED' } });
  expect(last).toMatchObject({ status: 'fulfilled' });
});

test('records of several streams and answers may come in any order', async () => {
  const logs: string[] = [];
  const records: QueryRecord[] = [];
  const mixed = await connectTo(({ command, seq }, connection) => {
    connection.reply(seq, command === 'join' ? joined : undefined);
    if (command !== 'join') return;
    // The monitor was asked for first, the query second.
    const [monitor, asked] = [seq - 2, seq - 1];
    connection.reply(asked, { Type: 'response', From: 's1', Payload: Uint8Array.of(1) });
    connection.reply(monitor, { Log: 'one' });
    connection.reply(asked, { Type: 'done', From: '', Payload: null });
    connection.reply(monitor, { Log: 'two' });
  });
  await mixed.monitor('INFO', (line) => logs.push(line));
  await mixed.query(query, (record) => records.push(record));
  await mixed.join(['a']);
  await vi.waitFor(() => expect(logs).toEqual(['one', 'two']), 60_000);
  expect(records).toEqual([
    { Type: 'response', From: 's1', Payload: Uint8Array.of(1) },
    { Type: 'done', From: '', Payload: new Uint8Array() },
  ]);
});

test('what the agent still says is read, but heard no more, until it has ended a closed connection, too', async () => {
  const talking = await connectTo(({ command, seq }, connection) => {
    connection.reply(seq);
    if (command !== 'monitor') return;
    // More than there is room for on the way.
    for (let line = 0; line < 20_000; line += 1) connection.reply(seq, { Log: 'x'.repeat(1_000) });
  });
  const lines: string[] = [];
  await talking.monitor('INFO', (line) => lines.push(line));
  const pending = expect(talking.members()).rejects.toMatchObject({ code: 'RPC_CLOSED' });
  const closing = talking.close(100_000);
  const heard = lines.length;
  await pending;
  await closing;
  expect(lines).toHaveLength(heard);
  await vi.waitFor(() => expect(agent?.endings).toEqual(['ended']), 60_000);
});

test('an agent that does not end a closed connection is not waited for', async () => {
  const held = await connectTo(() => {});
  agent?.hold();
  await held.close(10);
  expect(await held.closed).toMatchObject({ code: 'RPC_CLOSED' });
});

test('an agent that does not answer is given up', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const silent = await connectTo(() => {});
  const pending = expect(silent.members()).rejects.toMatchObject({
    code: 'RPC_TIMEOUT',
    message: expect.stringContaining('"members" within 15000 ms'),
  });
  vi.advanceTimersByTime(15_000);
  await pending;
  expect(await silent.closed).toMatchObject({ code: 'RPC_TIMEOUT' });
});
