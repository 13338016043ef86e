import { once } from 'node:events';
import { afterEach, expect, test } from 'vitest';
import { FakeAgent } from './fake-agent.ts';
import { Room } from './room.ts';

const silent = { debug() {}, info() {}, warn() {}, error() {} };
const self = { Name: 's1', Addr: Uint8Array.of(10, 0, 0, 1), Port: 7946, Tags: {}, Status: 'alive' };

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
