import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { FakeAgent } from './fake-agent.ts';
import { ReconnectingClient } from './reconnecting-client.ts';

let agent: FakeAgent;
let client: ReconnectingClient;
beforeEach(async () => {
  agent = await FakeAgent.listen(({ command, seq }, connection) => {
    connection.reply(seq, command === 'join' ? { Num: 7 } : undefined);
  });
});
afterEach(async () => {
  await client.close();
  await agent.close();
});

test('an agent that is restarted is used again, and an outage is told once', async () => {
  const onOutage = vi.fn();
  const prepare = vi.fn(async () => {});
  client = new ReconnectingClient({ rpc: agent.rpc, prepare, onOutage });
  const first = await client.client();
  expect(await first.join(['a'])).toBe(7);

  agent.down();
  await first.closed;
  const waiting = client.client();
  await vi.waitFor(() => expect(agent.connections).toBeGreaterThan(3), 60_000);
  agent.up();
  expect(await (await waiting).join(['a'])).toBe(7);
  expect(onOutage).toHaveBeenCalledTimes(1);
  expect(prepare).toHaveBeenCalledTimes(2);
});

test('nobody gets a connection before it is prepared', async () => {
  const prepare = vi.fn(async () => {}).mockRejectedValueOnce(new Error('not yet'));
  const onReady = vi.fn();
  const onOutage = vi.fn();
  client = new ReconnectingClient({ rpc: agent.rpc, prepare, onReady, onOutage });
  await client.client();
  expect(prepare).toHaveBeenCalledTimes(2);
  expect(onReady).toHaveBeenCalledTimes(1);
  expect(onOutage).toHaveBeenCalledExactlyOnceWith('not yet');
});

test('closing ends it, also for those who wait', async () => {
  agent.down();
  const onReady = vi.fn();
  client = new ReconnectingClient({ rpc: agent.rpc, onReady, onOutage: () => {} });
  const waiting = client.client();
  const closed = client.close();
  agent.up();
  await expect(waiting).rejects.toMatchObject({ code: 'ROOM_CLOSED' });
  await expect(client.client()).rejects.toMatchObject({ code: 'ROOM_CLOSED' });
  await closed;
  expect(onReady).not.toHaveBeenCalled();
});
