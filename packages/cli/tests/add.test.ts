import { Stage, type TestContainer, until } from '@rollcall/testkit';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ClusterUnderTest, imageWith, lostDuring } from './cluster-under-test.ts';

/** A web server that knows nothing of us, and answers as the demo app does: by its host name. */
const APP = `
  const answer = JSON.stringify({ host: require('node:os').hostname() });
  require('node:http').createServer((_, response) => response.end(answer)).listen(8000);
  process.on('SIGTERM', () => process.exit());`;

/** Each test finds the cluster and the app as the one before left them. */
let stage: Stage;
let cluster: ClusterUnderTest;
let shop: string;
let app: TestContainer;

beforeAll(async () => {
  stage = await Stage.open('cli-add');
  cluster = await ClusterUnderTest.open(stage);
  shop = `${stage.id}-app`;
  app = await stage.run({ image: 'rollcall/os', name: shop, hostname: 'shop', cmd: ['node', '-e', APP] });
  await cluster.up('--nodes', '1');
});

afterAll(async () => {
  await cluster?.close();
  await stage?.close();
});

const networks = async () => Object.keys((await app.inspect()).NetworkSettings.Networks);
const untilAnswering = (...hosts: string[]) =>
  until(`${hosts.join(', ')} to answer`, () => cluster.answering(), {
    accept: (seen) => seen.join() === hosts.join(),
    limitMs: 300_000,
  });

it('add brings a container into rotation that runs on as it is', async () => {
  const told = await cluster.succeed('add', shop, '--port', '8000', '--name', 'shop');
  expect(told).toContain(`shop is in rotation: port 8000 of ${shop}`);
  expect(told).toContain(`http://127.0.0.1:${cluster.http}/`);
  expect(await cluster.answering()).toEqual(['s1', 'shop']);
  expect(await networks()).toEqual(expect.arrayContaining(['bridge', cluster.name]));
});

it('add again does nothing', async () => {
  const before = await cluster.containers();
  expect(await cluster.succeed('add', shop, '--name', 'shop')).toContain('nothing had to be done');
  expect(await cluster.containers()).toEqual(before);
});

it('a second port of the container has a node of its own', async () => {
  await cluster.run('add', shop, '--port', '8001', '--name', 'shop-admin', '--ready-limit', '1');
  const { nodes } = await until('both sidecars to run', () => cluster.ps(), {
    accept: ({ nodes }) => nodes.filter(({ phase }) => phase === 'running').length === 4,
    limitMs: 300_000,
  });
  expect(nodes.map(({ node, container }) => [node, container?.app])).toEqual([
    ['ha', null],
    ['s1', null],
    ['shop', shop],
    ['shop-admin', shop],
  ]);
  await cluster.succeed('remove', 'shop-admin');
  expect(await networks()).toContain(cluster.name);
});

it('scale, deploy and up leave it alone', async () => {
  const { shop: sidecar } = await cluster.containers();
  await cluster.succeed('scale', '2');
  await cluster.succeed('up', '--env', 'ROLLCALL_WEIGHT=50');
  await cluster.succeed('scale', '1');
  const after = await cluster.containers();
  expect(Object.keys(after)).toHaveLength(3);
  expect(after['shop']).toBe(sidecar);
});

it('a restart of the container brings it back by itself', async () => {
  const lost = (await cluster.answering()).filter((host) => host.startsWith('status'));
  expect(lost).toEqual([]);
  const [web = ''] = (await cluster.answering()).filter((host) => host !== 'shop');
  // The engine tries once: on a busy machine the sidecar could end before the app is back. Paused, it does not.
  const sidecar = stage.docker.getContainer((await cluster.containers())['shop'] ?? '');
  await sidecar.pause();
  await app.restart();
  await sidecar.unpause();
  await untilAnswering(web, 'shop');
});

it('add brings it back after it was away', async () => {
  const [web = ''] = (await cluster.answering()).filter((host) => host !== 'shop');
  await app.stop();
  await until('the sidecar to end', () => cluster.ps(), {
    accept: ({ nodes }) =>
      nodes.some(({ node, container }) => node === 'shop' && container?.state === 'exited'),
    limitMs: 300_000,
  });
  expect(await cluster.run('add', shop, '--name', 'shop')).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('does not run (exited) [APP_UNFIT]'),
  });
  await app.start();
  await cluster.succeed('add', shop, '--name', 'shop');
  await untilAnswering(web, 'shop');
});

it('remove takes it out and loses nothing', async () => {
  expect(await lostDuring(cluster, () => cluster.succeed('remove', 'shop'))).toEqual([]);
  expect(await networks()).toEqual(['bridge']);
  expect((await app.inspect()).State.Running).toBe(true);
});

it.each([
  [['add', 'absent', '--port', '80'], 'there is no container "absent" [APP_UNFIT]'],
  [['add', 'SHOP'], '--port is missing'],
  [['add', 'SHOP', '--port', '80', '--name', 'ha'], 'has a node "ha" already'],
  [['remove', 'ha'], 'ha was not added'],
])('%j is refused', async (words, message) => {
  const [command = '', ...rest] = words.map((word) => (word === 'SHOP' ? shop : word));
  expect((await cluster.run(command, ...rest)).stderr).toContain(message);
  expect(await networks()).toEqual(['bridge']);
});

it('a sidecar that cannot be started leaves the container as it was', async () => {
  const image = await imageWith(stage, 'unstartable', 'ENTRYPOINT ["/absent"]');
  const { code, stderr } = await cluster.run('add', shop, '--port', '8000', '--image', image);
  expect(code).toBe(1);
  expect(stderr).toContain('/absent');
  expect(await networks()).toEqual(['bridge']);
});

it('down removes the sidecars, and leaves the container', async () => {
  await cluster.succeed('add', shop, '--port', '8000');
  await cluster.succeed('down');
  expect(await cluster.leftovers()).toEqual([]);
  expect(await networks()).toEqual(['bridge']);
  expect((await app.inspect()).State.Running).toBe(true);
});
