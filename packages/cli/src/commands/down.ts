import type { FoundContainer } from '../cluster.ts';
import { defineCommand } from '../command.ts';
import { cluster } from '../common-options.ts';
import type { Engine, EngineNetwork } from '../engine.ts';
import { CliError } from '../errors.ts';
import { otherClusters } from '../find-cluster.ts';
import type { Host } from '../host.ts';
import { CLUSTER_LABEL, containersOf } from '../labels.ts';
import { Progress } from '../progress.ts';

export const down = defineCommand({
  usage: 'down',
  about: 'stop a cluster and remove all there is of it',
  more: 'Only what `rollcall` made is touched: containers of yours that `rollcall add` brought in run on, and images stay.',
  options: { cluster },
  examples: [['rollcall down', 'nothing of it is left on the engine']],
  changes: true,
  async run({ cluster: name }, host) {
    const engine = await host.connect();
    const all = await engine.containers();
    const containers = containersOf(name, all);
    const network = await ownNetwork(engine, name);
    if (containers.length === 0 && !network) {
      host.stderr.write([`there is no cluster "${name}"`, ...otherClusters(all), ''].join('\n'));
      return;
    }
    await stopAll(containers, engine, host);
    for (const { spec } of containers) {
      const app = all.find((each) => each.name === spec?.app?.name);
      if (app && spec?.app?.connected) await engine.disconnect(name, app.id);
    }
    if (network) await removeNetwork(engine, name, network);
    host.stdout.write(`${name} is down\n`);
  },
});

async function ownNetwork(engine: Engine, name: string): Promise<EngineNetwork | undefined> {
  const network = await engine.network(name);
  return network?.labels[CLUSTER_LABEL] === name ? network : undefined;
}

/** Balancers first: they end what is in flight while the nodes still answer, and take nothing new. */
async function stopAll(containers: readonly FoundContainer[], engine: Engine, host: Host): Promise<void> {
  const progress = new Progress(host.stderr);
  for (const role of ['balancer', 'backend']) {
    const group = containers.filter((each) => each.role === role);
    if (group.length > 0) progress.waiting(`${group.map(({ node }) => node).join(', ')} to stop`);
    await Promise.all(
      group.map(async ({ id, node }) => {
        await engine.stop(id);
        await engine.remove(id);
        progress.done(node, 'stopped and removed');
      }),
    );
  }
}

async function removeNetwork(engine: Engine, name: string, { id }: EngineNetwork): Promise<void> {
  const users = await engine.networkUsers(id);
  if (users.length > 0) {
    throw new CliError(
      'NETWORK_IN_USE',
      `the network "${name}" is kept: ${users.join(', ')} still runs in it`,
      {
        advice:
          'It was not started by `rollcall up`, so it is not stopped. Stop it yourself, then run this again.',
      },
    );
  }
  await engine.removeNetwork(id);
}
