import { until } from '@rollcall/testkit';
import { it } from 'vitest';
import { clusterOf, untilInService } from './cluster.ts';
import { cutOffFrom, FaultyNetwork, losing } from './faulty-network.ts';
import { loadWhile } from './load.ts';

const running = clusterOf('measure', async (cluster) => {
  const [ha, s1, s2, network] = await Promise.all([cluster.balancer(), cluster.web('s1'), cluster.web('s2'), FaultyNetwork.open(cluster.stage)]);
  await untilInService(ha, ['s1', 's2']);
  return { ha, s1, s2, network };
});
it.each([1, 2, 3])('cut %i', async () => {
  const { ha, s1, network } = running();
  const records = await loadWhile([ha], () => network.during([[ha, cutOffFrom([s1])]], () =>
    until('s1 down', async () => !(await ha.stats()).some(({ server, status }) => server === 's1' && status.startsWith('UP')))), { mix: { get: 1, 'get-fresh': 1, post: 1 } });
  const bad = records.filter(({ outcome, repeated }) => outcome === 'lost' || repeated);
  const slow = records.map((r) => r.endedAt - r.sentAt).sort((a, b) => b - a).slice(0, 5);
  console.log('CUT', records.length, 'bad', bad.length, JSON.stringify(bad.slice(0, 6).map(({ kind, why, repeated, outcome }) => ({ kind, why, repeated, outcome }))), 'slowest', slow);
  await untilInService(ha, ['s1', 's2']);
});
it('loss', async () => {
  const { ha, s1, s2, network } = running();
  const fault = losing(20, [ha, s1, s2]);
  const records = await loadWhile([ha], () => network.during([ha, s1, s2].map((n) => [n, fault] as const), async () => {
    await until('dropped', async () => (await network.dropped(ha, fault)) >= 500);
  }), { mix: { get: 1, 'get-fresh': 1, post: 1 } });
  const bad = records.filter(({ outcome, repeated }) => outcome === 'lost' || repeated);
  const why: Record<string, number> = {};
  for (const { kind, why: w, repeated } of bad) why[`${kind} ${w ?? repeated}`] = (why[`${kind} ${w ?? repeated}`] ?? 0) + 1;
  console.log('LOSS', records.length, 'bad', bad.length, JSON.stringify(why), records.map((r) => r.endedAt - r.sentAt).sort((a, b) => b - a).slice(0, 5));
});
