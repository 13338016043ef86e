import { type ClusterNode, until } from '@rollcall/testkit';
import { describe, expect, it } from 'vitest';
import { clusterOf, untilInService } from './cluster.ts';

const running = clusterOf('crashes', async (cluster) => {
  const [ha, s1, s2] = await Promise.all([cluster.balancer(), cluster.web('s1'), cluster.web('s2')]);
  await untilInService(ha, ['s1', 's2']);
  return { ha, s1, s2 };
});

/** Kills a process and waits until another does its work. */
async function killAndWait(node: ClusterNode, service: string): Promise<void> {
  const before = await node.killService(service);
  await until(`${service} on ${node.name} to come back`, () => node.pidOf(service), {
    accept: (pid) => pid > 0 && pid !== before,
  });
}

/** The members that a node sees, all of whom were alive before. */
async function untilAllAlive(node: ClusterNode): Promise<void> {
  const expected = ['ha alive', 's1 alive', 's2 alive'];
  await until(
    `all members alive for ${node.name}`,
    async () => (await node.status())?.members.map(({ name, status }) => `${name} ${status}`) ?? [],
    { accept: (members) => expected.every((member) => members.includes(member)) },
  );
}

describe.each([
  ['ha', 'haproxy'],
  ['ha', 'handler'],
  ['ha', 'serf'],
  ['s1', 'app'],
  ['s1', 'handler'],
  ['s1', 'serf'],
] as const)('%s: kill -9 of %s', (name, service) => {
  it('comes back by itself, and the cluster is as before', async () => {
    const { ha, s1, s2 } = running();
    const node = name === 'ha' ? ha : s1;
    const boot = (await node.status())?.boot;

    await killAndWait(node, service);

    for (const each of [ha, s1, s2]) await untilAllAlive(each);
    await untilInService(ha, ['s1', 's2']);
    expect((await node.status())?.boot).toBe(boot);
  });
});

describe('a service that dies again and again', () => {
  it('is held and shown, while the other processes and nodes go on', async () => {
    const { cluster, ha } = running();
    const sick = await cluster.web('sick', { env: { ROLLCALL_COMMAND: 'false' } });

    const status = await until('the app of "sick" to be held', () => sick.status(), {
      accept: (seen) => seen?.services.find(({ name }) => name === 'app')?.held === true,
    });

    expect(status.problem).toMatch(/app/);
    for (const service of ['serf', 'handler']) {
      expect(status.services.find(({ name }) => name === service)).toMatchObject({ up: true });
    }
    await untilInService(ha, ['s1', 's2']);
    expect(await sick.container.stop()).toBe(0);
  });
});
