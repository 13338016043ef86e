import { defineCommand } from '../command.ts';
import { cluster, readyLimit } from '../common-options.ts';
import { CliError } from '../errors.ts';
import { findCluster, requireBalancer } from '../find-cluster.ts';
import { currentPrefix, newest } from '../make-of.ts';
import { required, wholeNumber } from '../options.ts';
import { waitingWith } from '../ready.ts';
import { reconcile } from '../reconcile.ts';

export const scale = defineCommand({
  usage: 'scale <nodes>',
  about: 'add or remove web nodes',
  more:
    'New ones are made like the newest one there is. The highest numbers go first; they are drained, so no request ' +
    'is lost. With 0 the last node is stopped and kept: it remembers the image and environment for the next time.',
  options: {
    nodes: required(wholeNumber({ about: 'How many web nodes there should be', min: 0, max: 500 })),
    'ready-limit': readyLimit,
    cluster,
  },
  examples: [
    ['rollcall scale 5', 'five nodes, however many there are now'],
    ['rollcall scale 0', 'none: the balancers answer 503'],
  ],
  changes: true,
  async run({ nodes, cluster: name, ...values }, host) {
    const found = await findCluster(await host.connect(), name);
    const { engine, all, containers } = found;
    requireBalancer(found);
    const model = newest(containers, 'backend');
    if (!model) {
      throw new CliError('NODE_UNKNOWN', `the cluster "${name}" has no node to make others like`, {
        advice: `Run \`rollcall up --nodes ${nodes}\`.`,
      });
    }
    const steps = await reconcile(
      {
        nodes: {
          count: nodes,
          prefix: currentPrefix(containers),
          spec: model.spec,
          imageId: model.imageId,
          replace: false,
          atATime: 1,
        },
      },
      { ...waitingWith(engine, name, values['ready-limit'], host), all, containers },
    );
    const done = steps.length === 0 ? 'has' : 'now has';
    host.stdout.write(`${name} ${done} ${nodes} web node${nodes === 1 ? '' : 's'}\n`);
  },
});
