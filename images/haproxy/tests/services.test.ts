import { readFileSync } from 'node:fs';
import type { RefusedClaim } from '@rollcall/haproxy-handler';
import { type Balancer, Cluster, type ClusterNode, request, until } from '@rollcall/testkit';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { balancerStatus } from './backend/balancing.ts';
import { Load } from './services/load.ts';

// The tests below are one story: each goes on where the one before ended.
let cluster: Cluster;
let ha: Balancer;
const nodes = new Map<string, ClusterNode>();
const app = readFileSync(new URL('services/tell.js', import.meta.url), 'utf8');

beforeAll(async () => {
  cluster = await Cluster.open('services');
  ha = await cluster.balancer('ha', { ports: [80, 1936, 5432] });
  await start('w1', {});
  await untilAnswered('w1', '/');
});
afterAll(() => cluster?.close());

async function start(name: string, env: Record<string, string>): Promise<void> {
  const files = { '/app/tell.mjs': app };
  nodes.set(
    name,
    await cluster.web(name, { files, env: { ROLLCALL_COMMAND: 'node /app/tell.mjs', ...env } }),
  );
}

async function stop(name: string): Promise<void> {
  expect(await nodes.get(name)?.container.stop({ timeoutSeconds: 60 })).toBe(0);
}

const get = (path: string, host = 'ha') => ha.get(path, { headers: { host }, limitMs: 60_000 });
const getTcp = () => request(`http://127.0.0.1:${ha.container.port(5432)}/`, { limitMs: 60_000 });

/** Who answers. */
async function hostOf(answer: ReturnType<typeof get>): Promise<string> {
  const { status, json } = await answer;
  return status === 200 ? json<{ host: string }>().host : `status ${status}`;
}

const untilAnswered = (name: string, path: string, host?: string) =>
  until(`${name} at ${host ?? ''}${path}`, () => hostOf(get(path, host)), {
    accept: (each) => each === name,
  });

const untilRefused = (expected: Partial<RefusedClaim>) =>
  until(`a refusal like ${JSON.stringify(expected)}`, async () =>
    (await balancerStatus(ha)).refusedClaims.find(
      ({ service, route }) => service === expected.service && route === expected.route,
    ),
  );

it('a second service gets its hosts and paths, whole parts only, after one reload', async () => {
  await start('shop1', {
    ROLLCALL_SERVICE: 'shop',
    ROLLCALL_ROUTE: 'Shop.example.com,api.example.com/v1,/shop',
  });
  await untilAnswered('shop1', '/', 'shop.example.com');
  expect(await hostOf(get('/shop', 'shop.example.com:8080'))).toBe('shop1');
  expect(await hostOf(get('/v1/x?y', 'api.example.com'))).toBe('shop1');
  expect(await hostOf(get('/v11', 'api.example.com'))).toBe('w1');
  expect(await hostOf(get('/shop/basket'))).toBe('shop1');
  expect(await hostOf(get('/shopping'))).toBe('w1');
  expect(await hostOf(get('/'))).toBe('w1');
  expect(await ha.reloads()).toBe(1);
});

it('each service has a sticky cookie of its own', async () => {
  expect((await get('/')).headers['set-cookie']?.join()).toMatch(/^ROLLCALL=w1;/);
  expect((await get('/shop')).headers['set-cookie']?.join()).toMatch(/^ROLLCALL_shop=shop1;/);
});

it('a third gets a TCP port, and its nodes their share', async () => {
  await start('db1', { ROLLCALL_SERVICE: 'db', ROLLCALL_ROUTE: 'tcp:5432' });
  await until('db1 at its port', () => hostOf(getTcp()), { accept: (host) => host === 'db1' });
  const reloads = await ha.reloads();
  await start('db2', { ROLLCALL_SERVICE: 'db', ROLLCALL_ROUTE: 'tcp:5432', ROLLCALL_WEIGHT: '7' });
  await until('both with their weights', async () => {
    const lines = (await ha.runtime('show servers state tcp:db')).split('\n').map((line) => line.split(' '));
    return ['db1 100', 'db2 7'].every((each) => lines.some((cells) => each === `${cells[3]} ${cells[7]}`));
  });
  expect(await ha.reloads()).toBe(reloads);
});

it('where two claim the same, the older one goes on serving and the younger one gets its other routes', async () => {
  const load = new Load(() => get('/', 'shop.example.com'));
  await start('late1', { ROLLCALL_SERVICE: 'late', ROLLCALL_ROUTE: 'shop.example.com,/late' });
  await untilAnswered('late1', '/late');
  expect(await untilRefused({ service: 'late', route: 'shop.example.com' })).toEqual({
    service: 'late',
    route: 'shop.example.com',
    reason: 'is held by shop, which claimed it first',
    heldBy: 'shop',
  });
  await until('the log and the story to say so', async () => {
    const log = (await ha.container.logsJson('handler')).filter(({ event }) => event === 'claim-refused');
    const { stories } = await balancerStatus(ha);
    return log.length === 1 && stories['late1']?.some(({ what }) => what === 'refused');
  });
  expect(Object.keys(await load.end())).toEqual(['200 shop1']);
});

it('a rolling update keeps the age of a service, and loses no request', async () => {
  const reloads = await ha.reloads();
  const load = new Load(() => get('/', 'shop.example.com'));
  await start('shop2', { ROLLCALL_SERVICE: 'shop', ROLLCALL_ROUTE: 'shop.example.com,/shop' });
  await untilAnswered('shop2', '/', 'shop.example.com');
  await stop('shop1');
  await untilAnswered('shop2', '/shop');
  expect(Object.keys(await load.end()).sort()).toEqual(['200 shop1', '200 shop2']);
  expect(await ha.reloads()).toBe(reloads);
});
