import { Stage, until } from '@rollcall/testkit';
import { afterAll, beforeAll, expect, it } from 'vitest';

let stage: Stage;
beforeAll(async () => {
  stage = await Stage.open('several-networks');
});
afterAll(() => stage.close());

const SEED = 'the-seed';

/** A node in the engine's bridge and in a network of its own, where nobody else is yet. */
async function nodeInTwoNetworks(name: string) {
  const network = await stage.network(name);
  const node = await stage.create({ image: 'rollcall/base', env: { ROLLCALL_JOIN: SEED } });
  await stage.docker.getNetwork(network).connect({ Container: node.id });
  await node.start();
  await until('the node to wait', async () => (await node.logs()).includes('several networks'));
  return { node, network };
}

it('a node that starts before all others announces the address where they will be', async () => {
  const { node, network } = await nodeInTwoNetworks('joined');
  await stage.run({
    image: 'rollcall/base',
    network,
    aliases: [SEED],
    env: { ROLLCALL_NODE: 'seed', ROLLCALL_JOIN: SEED },
  });
  await until('them to meet', async () => (await node.logs()).includes('"member":"seed"'));
  const { Networks } = (await node.inspect()).NetworkSettings;
  const { advertise } = JSON.parse((await node.readFile('/run/rollcall/serf.json')) ?? '');
  expect(advertise).toBe(`${Networks[network]?.IPAddress}:7946`);
});

it('a node that waits for the others is stopped at once', async () => {
  const { node } = await nodeInTwoNetworks('empty');
  expect(await node.stop()).toBe(0);
});
