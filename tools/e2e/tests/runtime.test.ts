import { until } from '@rollcall/testkit';
import { expect, it } from 'vitest';
import { clusterOf, untilInService } from './cluster.ts';

const running = clusterOf('runtime', async (cluster) => {
  const [ha, s1] = await Promise.all([cluster.balancer(), cluster.web('s1')]);
  await untilInService(ha, ['s1']);
  return { ha, s1 };
});

/** What changes when HAProxy is reloaded or a server is set up anew, and does not when it is left alone. */
async function traces() {
  const { ha } = running();
  const info = await ha.runtime('show info');
  const servers = await ha.runtime('show servers state');
  const s1 = servers.split('\n').find((line) => line.includes(' s1 '));
  return {
    worker: /^Pid: (\d+)$/m.exec(info)?.[1],
    // be_id be_name srv_id srv_name address op_state admin_state (management guide, "show servers state")
    s1: s1?.split(' ').slice(0, 7),
  };
}

it('takes nodes in and out without a reload and without touching the others', async () => {
  const { cluster, ha } = running();
  const before = await traces();
  // Under way through s1 during all of it: its connection must not be noticed to end.
  const through = ha.get('/events?count=50', { limitMs: 60_000 });

  const s2 = await cluster.web('s2');
  await untilInService(ha, ['s1', 's2']);
  expect(await s2.container.stop()).toBe(0);
  await untilInService(ha, ['s1']);

  const events = (await through).text().match(/^data: .*"s1"/gm);
  expect(events).toHaveLength(50);
  expect(await traces()).toEqual(before);
});

// All of a change in one go: between two, the handler could see and mend the first.
it.each([
  ['a server taken out', 'set server web/s1 state maint'],
  ['a server whose weight was changed', 'set server web/s1 weight 1'],
  ['a server that is nobody', 'add server web/x 127.0.0.1:9; @1 set server web/x state ready'],
])('heals what someone changed by hand: %s', async (_, command) => {
  const { ha } = running();
  const before = { ...(await traces()), corrections: await corrections() };

  await ha.runtime(command);

  await until('the correction', async () => (await corrections()) > before.corrections);
  await untilInService(ha, ['s1']);
  expect(await traces()).toMatchObject({ worker: before.worker });
});

/** How often drift was healed. */
async function corrections(): Promise<number> {
  const log = await running().ha.container.logsJson('handler');
  return log.filter(({ msg }) => msg === 'HAProxy was not as it had been left; correcting it').length;
}
