import { type FoundContainer, isLive, isWebNode } from '../cluster.ts';
import { defineCommand } from '../command.ts';
import { atATime, cluster, image, readyLimit } from '../common-options.ts';
import { findCluster, requireBalancer } from '../find-cluster.ts';
import { currentPrefix, newest, requireImage, specFrom } from '../make-of.ts';
import { required } from '../options.ts';
import { waitingWith } from '../ready.ts';
import { reconcile } from '../reconcile.ts';

export const deploy = defineCommand({
  usage: 'deploy <image>',
  about: 'replace the web nodes by ones of another image, losing nothing',
  more:
    'New nodes come in first; when every balancer sends them requests, as many old ones are drained and stopped. ' +
    'When a new one does not become ready, the new ones of that step are removed again, the old ones serve on, ' +
    'and the end of its log is shown. New nodes have new names: s1, s2 are followed by s3, s4, and these by s1, s2.',
  options: {
    image: required(image({ about: 'The image, which the engine must have' })),
    'at-a-time': atATime,
    'ready-limit': readyLimit,
    cluster,
  },
  examples: [
    ['rollcall deploy my-app:4', 'one node after the other'],
    ['rollcall deploy my-app:4 --at-a-time 3', 'quicker, with up to three nodes more for a while'],
    ['rollcall deploy my-app:3', 'and back again'],
  ],
  changes: true,
  async run({ image: name, cluster: clusterName, ...values }, host) {
    const found = await findCluster(await host.connect(), clusterName);
    const { engine, all, containers } = found;
    requireBalancer(found);
    const imageId = await requireImage(engine, name);
    const count = containers.filter((each) => isWebNode(each) && isMeantToRun(each)).length;
    const steps = await reconcile(
      {
        nodes: {
          count,
          prefix: currentPrefix(containers),
          spec: specFrom({ image: name }, newest(containers, 'backend')?.spec, name),
          imageId,
          replace: true,
          atATime: values['at-a-time'],
        },
      },
      { ...waitingWith(engine, clusterName, values['ready-limit'], host), all, containers },
    );
    const nodes = `${count} node${count === 1 ? '' : 's'}`;
    host.stdout.write(
      steps.length === 0
        ? `all ${nodes} run ${name} already\n`
        : `${nodes} now run${count === 1 ? 's' : ''} ${name}\n`,
    );
  },
});

function isMeantToRun(container: FoundContainer): boolean {
  return isLive(container) || container.state === 'restarting';
}
