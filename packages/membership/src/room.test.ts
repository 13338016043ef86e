import { EventEmitter, once } from 'node:events';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { drainQuery } from './announcements.ts';
import { sealAsk } from './envelope.ts';
import { FakeAgent } from './fake-agent.ts';
import { Room } from './room.ts';

const silent = { debug() {}, info() {}, warn() {}, error() {} };
const self = { Name: 's1', Addr: Uint8Array.of(10, 0, 0, 1), Port: 7946, Tags: {}, Status: 'alive' };
const payload = sealAsk({ from: 's2', nonce: '1', limitMs: 60_000, ask: { node: 's2', boot: 'b2' } });
const query = { Event: 'query', ID: 1, LTime: 1, Name: 'drain', Payload: payload };

let agent: FakeAgent | undefined;
let room: Room | undefined;
afterEach(async () => {
  await room?.close();
  await agent?.close();
});

test('the first view is what was seen while it entered: it waits for no further look', async () => {
  let looks = 0;
  agent = await FakeAgent.listen(({ command, seq }, connection) => {
    if (command !== 'members') connection.reply(seq);
    else if (looks++ === 0) connection.reply(seq, { Members: [self] });
  });
  room = Room.open({ node: 's1', rpc: agent.rpc, seeds: [], log: silent });
  const [view, changes] = await once(room, 'view');
  expect(view.members).toMatchObject([{ name: 's1', status: 'alive' }]);
  expect(changes).toMatchObject([{ kind: 'joined' }]);
});

test('an agent that fails while the room is entered is no reason to show an empty one', async () => {
  let looks = 0;
  agent = await FakeAgent.listen(({ command, seq }, connection) => {
    if (command !== 'members') connection.reply(seq);
    else if (looks++ === 0) connection.reply(seq, { Members: [] }, 'not now');
    else connection.reply(seq, { Members: [self] });
  });
  room = Room.open({ node: 's1', rpc: agent.rpc, seeds: [], log: silent });
  const [view] = await once(room, 'view');
  expect(view.members).toHaveLength(1);
});

describe('a room that follows others loosely, while no time passes', () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  /** As in the agent's log. */
  const about = (node: string) => `2026/01/31 12:00:00 [INFO] serf: EventMemberUpdate: ${node}`;

  /**
   * A room that has been entered. `tell` has the agent log that a node has changed; `hasHeard` resolves when the room has
   * taken that in; `looks` counts from here on.
   */
  async function openLoosely() {
    const asked = new EventEmitter<Record<string, []>>();
    let looks = 0;
    let log: (line: string) => void = () => expect.unreachable('nobody listens to the log');
    let ask: () => void = () => expect.unreachable('nobody listens to queries');
    agent = await FakeAgent.listen(({ command, seq }, connection) => {
      connection.reply(seq, command === 'members' ? { Members: [self] } : undefined);
      if (command === 'members') looks += 1;
      if (command === 'monitor') log = (line) => connection.reply(seq, { Log: line });
      if (command === 'stream') ask = () => connection.reply(seq, query);
      asked.emit(command);
    });
    room = Room.open({ node: 's1', rpc: agent.rpc, seeds: [], attention: 'loose', log: silent });
    room.queries.answer(drainQuery, async () => ({ applied: true, inFlight: 0 }));
    await once(room, 'view');
    await room.lookAgain();
    const before = looks;
    return {
      tell: (node: string) => log(about(node)),
      look: () => once(asked, 'members'),
      hasHeard: async () => {
        // By the connection that lines come by, too.
        ask();
        await once(asked, 'respond');
      },
      looks: () => looks - before,
    };
  }

  test.each(['s1', ''])('it looks at what may be its own: "%s"', async (node) => {
    const { tell, look } = await openLoosely();
    tell(node);
    await look();
  });

  test('it does not look at others, unless it is asked to', async () => {
    const { tell, hasHeard, looks } = await openLoosely();
    tell('s2');
    await hasHeard();
    await room?.lookAgain();
    expect(looks()).toBe(1);
  });

  test('it looks at others when time has passed', async () => {
    const { tell, looks } = await openLoosely();
    tell('s2');
    // Time passes here from check to check.
    await vi.waitFor(() => expect(looks()).toBe(1), { timeout: 60_000 });
  });
});

test('a look that fails rejects for nobody', async () => {
  agent = await FakeAgent.listen(({ command, seq }, connection) => {
    if (command === 'members') connection.reply(seq, { Members: [] }, 'not now');
    else connection.reply(seq);
  });
  room = Room.open({ node: 's1', rpc: agent.rpc, seeds: [], log: silent });
  await room.lookAgain();
  expect(room.view()).toBeUndefined();
});
