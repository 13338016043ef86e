import type { ClusterNode } from '@rollcall/testkit';
import { until } from '@rollcall/testkit';
import { expect, it } from 'vitest';
import { clusterOf, untilInService } from './cluster.ts';

// The tests below are one story: each goes on where the one before ended.
const web: Record<string, ClusterNode> = {};
const running = clusterOf('membership', async (cluster) => ({
  ha: await cluster.balancer('ha', { env: { ROLLCALL_FAILED_GRACE_SECONDS: '2' } }),
}));
const node = (name: string) => {
  const found = web[name];
  if (found === undefined) throw new Error(`${name} was not started: the test before this one failed`);
  return found;
};

it('answers 503 while there is no node at all', async () => {
  const { ha } = running();
  const answer = await until('an answer', () => ha.get());
  expect(answer.status).toBe(503);
  await untilInService(ha, []);
});

it('serves from each node that comes, and every place agrees on who is there', async () => {
  const { cluster, ha } = running();
  for (const name of ['s1', 's2', 's3']) {
    web[name] = await cluster.web(name);
    await untilInService(ha, Object.keys(web));
  }
});

it('finds every node from a balancer that comes last', async () => {
  const { cluster } = running();
  const late = await cluster.balancer('late');
  await untilInService(late, ['s1', 's2', 's3']);
  expect(await late.container.stop()).toBe(0);
});

it('finds every node again when the balancer is stopped and started', async () => {
  const { ha } = running();
  expect(await ha.container.stop()).toBe(0);
  await ha.container.start();
  await untilInService(ha, ['s1', 's2', 's3']);
});

it('forgets a node that is stopped, in every place', async () => {
  const { ha } = running();
  expect(await node('s1').container.stop()).toBe(0);
  await untilInService(ha, ['s2', 's3']);
  expect(await ha.container.readFile('/var/log/serf.log')).toMatch(/\bleft\b.*\bs1\b/);
});

it('goes on serving while a node is killed, and forgets it after the grace', async () => {
  const { ha } = running();
  const statuses: number[] = [];
  await node('s2').container.kill();
  await until('s2 out of the traffic', async () => {
    statuses.push((await ha.get()).status);
    const s2 = (await ha.stats()).find(({ server }) => server === 's2');
    return !s2?.status.startsWith('UP');
  });
  expect(new Set(statuses)).toEqual(new Set([200]));
  await untilInService(ha, ['s3']);
  expect(await ha.container.readFile('/var/log/serf.log')).toMatch(/\bfailed\b.*\bs2\b/);
});

it('takes a killed and a stopped node back as soon as they run again', async () => {
  const { ha } = running();
  // One after the other: the engine gives the lowest address that is free, so each gets its own again.
  for (const name of ['s1', 's2']) await node(name).container.start();
  await untilInService(ha, ['s1', 's2', 's3']);
});
