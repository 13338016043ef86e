import { Stage, until } from '@rollcall/testkit';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Overview } from '../src/overview.ts';
import { ClusterUnderTest, imageWith, lostDuring } from './cluster-under-test.ts';

/** A web server that knows nothing of us, and answers as the demo app does: by its host name. */
const APP = `
  const answer = JSON.stringify({ host: require('node:os').hostname() });
  require('node:http').createServer((_, response) => response.end(answer)).listen(8000);
  process.on('SIGTERM', () => process.exit());`;

/** The life of one cluster of several services: each test finds it as the one before left it. */
let stage: Stage;
let cluster: ClusterUnderTest;

beforeAll(async () => {
  stage = await Stage.open('cli-services');
  cluster = await ClusterUnderTest.open(stage);
});

afterAll(async () => {
  await cluster?.close();
  await stage?.close();
});

const at = (host: string) => cluster.answering(cluster.http, host);

/** A balancer's status, which `ps` reads, is a little behind what it does. */
async function untilSeen(what: string, accept: (overview: Overview) => boolean): Promise<Overview> {
  return await until(what, () => cluster.ps(), { accept, limitMs: 300_000 });
}

it('a service by TCP is reached at a port of its own, published with the first balancer', async () => {
  const told = await cluster.up('--service', 'raw', '--route', `tcp:${cluster.tcp}`, '--nodes', '1');
  expect(told).toContain(`tcp:${cluster.tcp} at 127.0.0.1:${cluster.tcp}`);
  expect(Object.keys(await cluster.containers())).toEqual(['ha', 'raw1']);
  expect(await cluster.answering(cluster.tcp)).toEqual(['raw1']);
});

it('services are reached by their hosts, each at its own nodes', async () => {
  await cluster.succeed('up', '--service', 'shop', '--route', 'shop.example', '--nodes', '1');
  const told = await cluster.succeed('up', '--service', 'api2', '--route', 'api.example', '--nodes', '1');
  expect(told).toContain(`curl -H "Host: api.example" http://127.0.0.1:${cluster.http}/`);
  expect(await at('shop.example')).toEqual(['shop1']);
  expect(await at('api.example')).toEqual(['api2-1']);
  expect(await at('other.example')).toEqual([expect.stringMatching(/^status [45]/)]);
});

it('ps and why show them, and what each is reached by', async () => {
  const { services, nodes, unpublished, refusedRoutes } = await cluster.ps();
  expect(services).toEqual([
    { service: 'api2', routes: { ha: ['api.example'] } },
    { service: 'raw', routes: { ha: [`tcp:${cluster.tcp}`] } },
    { service: 'shop', routes: { ha: ['shop.example'] } },
  ]);
  expect(nodes.map(({ node, service }) => [node, service])).toEqual([
    ['ha', null],
    ['api2-1', 'api2'],
    ['raw1', 'raw'],
    ['shop1', 'shop'],
  ]);
  expect({ unpublished, refusedRoutes }).toEqual({ unpublished: [], refusedRoutes: [] });
  expect(await cluster.succeed('ps')).toMatch(/^SERVICE shop {2}shop\.example\nNODE .*\nshop1 +running/m);
  expect(await cluster.succeed('why', 'shop1')).toContain('Service: shop, shop.example\n');
});

it('scale is for the nodes of one service', async () => {
  const before = await cluster.containers();
  expect(await cluster.succeed('scale', '2', '--service', 'shop')).toBe(
    `${cluster.name} now has 2 shop nodes\n`,
  );
  const { shop2, ...others } = await cluster.containers();
  expect(others).toEqual(before);
  expect(shop2).toBeDefined();
  expect(await at('shop.example')).toEqual(['shop1', 'shop2']);
});

it('up without a word leaves all of them as they are', async () => {
  const before = await cluster.containers();
  expect(await cluster.succeed('up')).toContain('nothing had to be done');
  expect(await cluster.containers()).toEqual(before);
});

it('deploy replaces the nodes of one service, and loses no request of any', async () => {
  const good = await imageWith(stage, 'good', 'ENV VERSION=2');
  const { 'api2-1': api, raw1 } = await cluster.containers();
  const deployed = () => cluster.succeed('deploy', good, '--service', 'shop', '--at-a-time', '2');
  expect(await lostDuring(cluster, deployed, ['shop.example', 'api.example'])).toEqual([]);
  const after = await cluster.containers();
  expect(Object.keys(after)).toEqual(['ha', 'api2-1', 'raw1', 'shop3', 'shop4']);
  expect(after).toMatchObject({ 'api2-1': api, raw1 });
  expect(await at('shop.example')).toEqual(['shop3', 'shop4']);
});

it('up with other routes replaces the nodes, which are then reached by these', async () => {
  const routes = `api.example,new.example`;
  await cluster.succeed('up', '--service', 'api2', '--route', routes);
  expect(Object.keys(await cluster.containers())).toContain('api2-2');
  expect(await at('api.example')).toEqual(['api2-2']);
  expect(await at('new.example')).toEqual(['api2-2']);
});

it('a container that knows nothing of it is added with a service and a route', async () => {
  const name = `${stage.id}-app`;
  await stage.run({ image: 'rollcall/os', name, hostname: 'legacy', cmd: ['node', '-e', APP] });
  const said = ['--port', '8000', '--name', 'old', '--service', 'legacy', '--route', 'legacy.example'];
  await cluster.succeed('add', name, ...said);
  expect(await at('legacy.example')).toEqual(['legacy']);
  expect(await cluster.run('scale', '2', '--service', 'legacy')).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('[SERVICE_UNKNOWN]'),
  });
});

it('a route that another service has is refused with the reason, and the older one serves on', async () => {
  const { code, stderr } = await cluster.run(
    ...['up', '--service', 'rival', '--route', 'shop.example', '--nodes', '1', '--ready-limit', '600'],
  );
  expect(code).toBe(1);
  expect(stderr).toContain('the routes of rival1 are refused [ROUTE_REFUSED]');
  expect(stderr).toContain('the route shop.example is ');
  const { refusedRoutes } = await cluster.ps();
  expect(refusedRoutes).toMatchObject([
    { by: 'ha', service: 'rival', route: 'shop.example', heldBy: 'shop' },
  ]);
  expect(await cluster.succeed('ps')).toContain('Refused routes\n  shop.example for rival (at ha): it ');
  expect(await at('shop.example')).toEqual(['shop3', 'shop4']);
});

it('deploy of a service that is refused says so, and takes back what it made', async () => {
  const before = await cluster.containers();
  const image = await imageWith(stage, 'rival', 'ENV VERSION=3');
  const { code, stderr } = await cluster.run('deploy', image, '--service', 'rival', '--ready-limit', '600');
  expect(code).toBe(1);
  expect(stderr).toContain('[ROUTE_REFUSED]');
  expect(await cluster.containers()).toEqual(before);
});

it('the route passes to the other service when the older one goes, and no request is lost', async () => {
  const gone = () => cluster.succeed('scale', '0', '--service', 'shop');
  expect(await lostDuring(cluster, gone, ['shop.example', 'shop.example'])).toEqual([]);
  expect(await at('shop.example')).toEqual(['rival1']);
  const { refusedRoutes } = await untilSeen('the claim to be granted', (seen) =>
    seen.services.some(({ service, routes }) => service === 'rival' && routes['ha']?.length === 1),
  );
  expect(refusedRoutes).toEqual([]);
});

it('a port that no balancer publishes is named, with what to do', async () => {
  const routes = `tcp:${cluster.tcp},tcp:${Number(cluster.tcp) + 1}`;
  const told = await cluster.succeed('up', '--service', 'raw', '--route', routes);
  expect(told).toContain(`--publish ${Number(cluster.tcp) + 1} --cluster ${cluster.name}`);
  const { unpublished } = await cluster.ps();
  expect(unpublished).toEqual([{ balancer: 'ha', service: 'raw', port: Number(cluster.tcp) + 1 }]);
});
