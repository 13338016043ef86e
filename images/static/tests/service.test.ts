import { Cluster, until } from '@rollcall/testkit';
import { afterAll, beforeAll, expect, it } from 'vitest';

let cluster: Cluster;
beforeAll(async () => {
  cluster = await Cluster.open('service');
});
afterAll(() => cluster.close());

it('is served by the balancer as soon as it runs, and leaves when it is stopped', async () => {
  const balancer = await cluster.balancer();
  const node = await cluster.web('n1', { image: 'rollcall/static' });
  const answer = await until('an answer of the node', () => balancer.get(), {
    accept: ({ status }) => status === 200,
  });
  expect(answer.text()).toContain('<title>rollcall/static</title>');
  expect(await node.container.stop({ timeoutSeconds: 60 })).toBe(0);
  await until('the balancer to have let it go', () => balancer.registered(), {
    accept: (names) => !names.includes('n1'),
  });
});
