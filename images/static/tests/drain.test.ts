import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { type Balancer, Cluster, type ClusterNode, until } from '@rollcall/testkit';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';

/** More than the sockets on its way take in while nobody reads. */
const BYTES = 64 * 1024 * 1024;

let cluster: Cluster;
let ha: Balancer;
let leaving: ClusterNode;
beforeAll(async () => {
  cluster = await Cluster.open('static-drain');
  ha = await cluster.balancer();
  leaving = await cluster.web('n1', {
    image: 'rollcall/static',
    env: { ROLLCALL_DRAIN_SECONDS: '240' },
    files: { '/srv/www/large': Buffer.alloc(BYTES) },
  });
  await until('n1 to serve', () => ha.get(), { accept: ({ status }) => status === 200 });
});
beforeEach(({ onTestFailed }) => {
  onTestFailed(async () => console.log(await ha.container.logs(), await leaving.container.logs()));
});
afterAll(() => cluster.close());

it('stops only when a download that began before is done, and loses no other request', async () => {
  const [download] = (await once(get(`${ha.url}/large`, { agent: false }), 'response')) as [IncomingMessage];
  expect(download.statusCode).toBe(200);
  await cluster.web('n2', { image: 'rollcall/static' });
  await until('n2 to serve', () => ha.stats(), {
    accept: (servers) => servers.some(({ server, status }) => server === 'n2' && status === 'UP'),
  });

  const stopped = leaving.container.stop({ timeoutSeconds: 300 });
  await until('the balancer to wait for the download', () => leaving.status(), {
    accept: (status) =>
      JSON.stringify(status?.roleStatus).includes('"balancers":[{"node":"ha","applied":true,"inFlight":1}]'),
  });
  const others = [];
  for (let sent = 0; sent < 20; sent += 1) others.push((await ha.get()).status);
  expect(new Set(others)).toEqual(new Set([200]));

  expect(await buffer(download)).toHaveLength(BYTES);
  expect(await stopped).toBe(0);
  expect(await leaving.container.logs()).toContain('nothing is in flight any more');
});
