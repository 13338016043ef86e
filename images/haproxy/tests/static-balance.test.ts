import { builtInTemplate } from '@rollcall/haproxy-handler';
import { type Balancer, Cluster, until } from '@rollcall/testkit';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Backend } from './backend/backend.ts';
import { balancerStatus, untilServing } from './backend/balancing.ts';

// HAProxy adds no server at run time to a backend that is balanced by a fixed table.
let cluster: Cluster;
let ha: Balancer;

beforeAll(async () => {
  cluster = await Cluster.open('static-balance');
  const template = builtInTemplate.text.replace('balance roundrobin', 'balance source');
  ha = await cluster.balancer('ha', { files: { '/etc/rollcall/haproxy.cfg.hbs': template } });
});
afterAll(() => cluster?.close());

it('nodes are served all the same, by a reload for each', async () => {
  const s1 = await Backend.start(cluster, 's1');
  await untilServing(ha, 's1 UP');
  await Backend.start(cluster, 's2');
  await untilServing(ha, 's1 UP', 's2 UP');
  const { reloads } = await balancerStatus(ha);
  expect(reloads.last?.why).toBe('the runtime API refused: add s2');
  expect(await s1.drain()).toEqual({ applied: true, inFlight: 0 });
  await until('no problem', () => ha.status(), { accept: (status) => status?.problem === undefined });
  expect((await balancerStatus(ha)).reloads.count).toBe(reloads.count);
});
