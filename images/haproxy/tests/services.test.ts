import { readFileSync } from 'node:fs';
import { builtInTemplate, type RefusedClaim } from '@rollcall/haproxy-handler';
import { type Balancer, Cluster, type ClusterNode, request, until } from '@rollcall/testkit';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { balancerStatus, workerOf } from './backend/balancing.ts';
import { Load } from './services/load.ts';

// The tests below are one story: each goes on where the one before ended.
let cluster: Cluster;
let ha: Balancer;
const nodes = new Map<string, ClusterNode>();
const app = readFileSync(new URL('services/tell.js', import.meta.url), 'utf8');

/** As people had it before there were services. */
const WEB_ALONE = `defaults
  mode http
  timeout connect 2s
  timeout client 1m
  timeout server 1m
frontend clients
  bind *:{{webPort}}
  default_backend web
frontend stats
  bind *:{{statsPort}}
  stats enable
  stats uri /
backend web
  {{> servers}}
`;

beforeAll(async () => {
  cluster = await Cluster.open('services');
  ha = await cluster.balancer('ha', { ports: [80, 1936, 5432, 5433, 5434] });
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
  nodes.delete(name);
}

const get = (path: string, host = 'ha') => ha.get(path, { headers: { host }, limitMs: 60_000 });
const getTcp = (port = 5432) => request(`http://127.0.0.1:${ha.container.port(port)}/`, { limitMs: 60_000 });

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

const untilAnsweredTcp = (name: string, port: number) =>
  until(`${name} at port ${port}`, () => hostOf(getTcp(port)), { accept: (each) => each === name });

/** How often its log says that this claim is refused. */
const tellings = async (route: string) =>
  (await ha.container.logsJson('handler')).filter(
    (line) => line['event'] === 'claim-refused' && line['route'] === route,
  ).length;

/** Each service by what is its own. */
async function untilAllAnswer(): Promise<void> {
  await untilAnswered('w1', '/');
  await untilAnswered('shop3', '/cart');
  await untilAnswered('late2', '/late');
  await untilAnsweredTcp('raw1', 5434);
  await until('db1 or db2', () => hostOf(getTcp()), { accept: (host) => /^db[12]$/.test(host) });
}

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
  await untilAnsweredTcp('db1', 5432);
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

it('a claim passes on with the last node, which comes back as the younger, and no request is lost', async () => {
  const load = new Load(() => get('/', 'shop.example.com'));
  await nodes.get('shop2')?.signalService('handler', '1');
  await untilAnswered('late1', '/', 'shop.example.com');
  await nodes.get('shop2')?.signalService('handler', '2');
  await untilAnswered('shop2', '/shop');
  expect(await untilRefused({ service: 'shop', route: 'shop.example.com' })).toMatchObject({
    heldBy: 'late',
    reason: 'is held by late, which claimed it first',
  });
  expect(await hostOf(get('/', 'shop.example.com'))).toBe('late1');
  expect(Object.keys(await load.end()).sort()).toEqual(['200 late1', '200 shop2']);
});

it('a service whose node was killed does not take its route back by the age of that node', async () => {
  await nodes.get('late1')?.container.kill();
  await untilAnswered('shop2', '/', 'shop.example.com');
  nodes.delete('late1');
  // Whoever the next one joins through tells it who is there.
  await until('all others to know it', async () => {
    const statuses = await Promise.all([...nodes.values()].map((node) => node.status()));
    return statuses.every((each) =>
      each?.members.some(({ name, status }) => name === 'late1' && status === 'failed'),
    );
  });
  await start('late2', { ROLLCALL_SERVICE: 'late', ROLLCALL_ROUTE: 'shop.example.com,/late' });
  await untilAnswered('late2', '/late');
  expect(await untilRefused({ service: 'late', route: 'shop.example.com' })).toMatchObject({
    heldBy: 'shop',
  });
  expect(await hostOf(get('/', 'shop.example.com'))).toBe('shop2');
});

it('a new version of a service may have other routes, and those of both lose no request', async () => {
  const reloads = await ha.reloads();
  const load = new Load(() => get('/shop'));
  await start('shop3', { ROLLCALL_SERVICE: 'shop', ROLLCALL_ROUTE: '/shop,/cart' });
  await untilAnswered('shop3', '/cart');
  await stop('shop2');
  await until(
    'the new routes alone',
    async () => (await balancerStatus(ha)).services.find(({ service }) => service === 'shop')?.routes.join(),
    { accept: (routes) => routes === '/cart,/shop' },
  );
  expect(Object.keys(await load.end()).sort()).toEqual(['200 shop2', '200 shop3']);
  expect((await balancerStatus(ha)).refusedClaims).toEqual([]);
  expect(await ha.reloads()).toBe(reloads);
});

it('a TCP port that something else has is refused, and the service gets its other one', async () => {
  const holder = `require('node:http').createServer((_, it) => it.end('{"host":"holder"}')).listen(5433)`;
  await ha.container.exec(['sh', '-c', 'node -e "$0" </dev/null >/dev/null 2>&1 &', holder]);
  await untilAnsweredTcp('holder', 5433);
  await start('raw1', { ROLLCALL_SERVICE: 'raw', ROLLCALL_ROUTE: 'tcp:5433,tcp:5434' });
  await untilAnsweredTcp('raw1', 5434);
  const { reason } = await untilRefused({ service: 'raw', route: 'tcp:5433' });
  expect(reason).toMatch(/^cannot be had: .*EADDRINUSE/);
  expect(await hostOf(getTcp(5433))).toBe('holder');
  await untilAllAnswer();
});

it('all services go on when the handler is killed, and come back with HAProxy', async () => {
  await until('the refusal in the log', async () => (await tellings('tcp:5433')) === 1);
  const load = new Load(() => get('/cart'));
  await ha.killService('handler');
  // By then it knows all that the one before knew.
  await until('the next handler to refuse the port', async () => (await tellings('tcp:5433')) === 2);
  expect(Object.keys(await load.end())).toEqual(['200 shop3']);

  const worker = await workerOf(ha);
  await ha.killService('haproxy');
  await until('another HAProxy', () => workerOf(ha), { accept: (now) => now !== worker });
  await untilAllAnswer();
});

it('with a template that has a place for web alone, web goes on and the others are told so', async () => {
  const load = new Load(() => get('/'));
  await ha.writeTemplate(WEB_ALONE);
  const { reason } = await untilRefused({ service: 'shop', route: '/cart' });
  expect(reason).toBe('has no place in /etc/rollcall/haproxy.cfg.hbs');
  expect(await hostOf(get('/cart'))).toBe('w1');
  await ha.writeTemplate(builtInTemplate.text);
  await untilAllAnswer();
  expect(Object.keys(await load.end())).toEqual(['200 w1']);
});

it('what no service takes gets 503', async () => {
  await stop('w1');
  await until('503', () => hostOf(get('/')), { accept: (answer) => answer === 'status 503' });
  expect(await hostOf(get('/shop'))).toBe('shop3');
  expect((await balancerStatus(ha)).services.flatMap(({ routes }) => routes)).not.toContain('/');
});
