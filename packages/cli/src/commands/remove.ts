import { retire } from '../apply.ts';
import { defineCommand } from '../command.ts';
import { cluster, node as nodeArgument } from '../common-options.ts';
import { CliError } from '../errors.ts';
import { findCluster, findNode } from '../find-cluster.ts';
import { required } from '../options.ts';
import { Progress } from '../progress.ts';

export const remove = defineCommand({
  usage: 'remove <node>',
  about: 'take a container that was added out of the cluster; it runs on',
  more:
    'Its sidecar is drained, so no request is lost, and removed. The container itself runs on as it was before ' +
    '`rollcall add`.',
  options: { node: required(nodeArgument), cluster },
  examples: [['rollcall remove shop', 'the container shop gets no more requests, and can be stopped']],
  changes: true,
  async run({ node, cluster: name }, host) {
    const found = await findCluster(await host.connect(), name);
    const { engine, containers, all } = found;
    const sidecar = findNode(found, node);
    const app = sidecar.spec?.app;
    if (!app) {
      throw new CliError('USAGE', `${node} was not added, it is one of the cluster's own nodes`, {
        advice:
          '`rollcall scale` changes how many web nodes there are, `rollcall up --balancers` the balancers.',
      });
    }
    await retire(sidecar, 'its app leaves the cluster', { engine, progress: new Progress(host.stderr) });
    const isLast = !containers.some((each) => each.spec?.app?.name === app.name && each.id !== sidecar.id);
    const container = all.find((each) => each.name === app.name);
    if (isLast && app.connected && container) await engine.disconnect(name, container.id);
    host.stdout.write(`${node} is out of the cluster; the container ${app.name} is as it was\n`);
  },
});
