import { until } from '@rollcall/testkit';
import { afterEach, expect, it } from 'vitest';
import { clusterOf, untilInService } from './cluster.ts';
import { closedPort, cutOffFrom, FaultyNetwork, losing } from './faulty-network.ts';
import { expectLossless, loadWhile } from './load.ts';
import { deaths, untilHealed, untilSeen } from './survival.ts';

/** Packets that got lost, or requests that were answered, until a fault has shown what it does. */
const ENOUGH = 10;
const gossip = closedPort(7_946);
const traffic = closedPort(3_000);

const running = clusterOf('network-faults', async (cluster) => {
  const [ha, s1, s2, network] = await Promise.all([
    cluster.balancer(),
    cluster.web('s1'),
    cluster.web('s2'),
    FaultyNetwork.open(cluster.stage),
  ]);
  await untilInService(ha, ['s1', 's2']);
  return { ha, s1, s2, network };
});

afterEach(async () => {
  const { ha, s1, s2 } = running();
  await untilHealed(ha, [s1, s2]);
  expect(await deaths([ha, s1, s2])).toEqual([]);
});

it('a balancer that hears no gossip goes on with the nodes that it reaches', async () => {
  const { ha, s1, s2, network } = running();
  const records = await loadWhile([ha], () =>
    network.during([[ha, gossip]], async () => {
      await untilSeen(ha, [s1, s2], 'failed');
      await untilInService(ha, ['s1', 's2']);
    }),
  );
  expectLossless(records);
});

it('a balancer that reaches nobody forgets nobody', async () => {
  const { ha, s1, s2, network } = running();
  await network.during([[ha, traffic]], async () => {
    await until('both servers to be down', async () =>
      (await ha.stats()).every(({ status }) => status === 'DOWN'),
    );
    await network.during([[ha, gossip]], async () => {
      await untilSeen(ha, [s1, s2], 'failed');
      expect(await ha.registered()).toEqual(['s1', 's2']);
      expect(await ha.configured()).toEqual(['s1', 's2']);
    });
  });
});

it('a balancer that does not reach one node has the others serve', async () => {
  const { ha, s1, network } = running();
  await network.during([[ha, cutOffFrom([s1])]], async () => {
    await until(
      's1 to be down',
      async () =>
        !(await ha.stats()).some(({ server, status }) => server === 's1' && status.startsWith('UP')),
    );
    expectLossless(await loadWhile([ha], async () => {}));
    expect(await ha.answering(1, 10)).toEqual(['s2']);
  });
});

it('nodes that do not reach each other serve', async () => {
  const { ha, s1, s2, network } = running();
  const fault = cutOffFrom([s2]);
  const records = await loadWhile([ha], () =>
    network.during([[s1, fault]], async () => {
      await until(
        'packets between them to be lost',
        async () => (await network.dropped(s1, fault)) >= ENOUGH,
      );
      await untilInService(ha, ['s1', 's2']);
    }),
  );
  expectLossless(records);
});

it('a network that loses every fifth packet loses nobody', async () => {
  const { ha, s1, s2, network } = running();
  const all = [ha, s1, s2];
  const fault = losing(20, all);
  const faults = all.map((node) => [node, fault] as const);
  await network.during(faults, async () => {
    for (const node of all) {
      await until('packets to be lost', async () => (await network.dropped(node, fault)) >= ENOUGH);
    }
    for (let answers = 0; answers < ENOUGH; answers += 1) {
      // A client may have to ask again, but there is always somebody to be asked.
      await until('an answer', async () => (await ha.get('/', { limitMs: 2_000 })).status === 200);
    }
    expect(await ha.registered()).not.toEqual([]);
  });
});
