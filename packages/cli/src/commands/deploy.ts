import { type FoundContainer, isLive } from '../cluster.ts';
import { defineCommand } from '../command.ts';
import { atATime, cluster, image, readyLimit, service } from '../common-options.ts';
import { counted } from '../counted.ts';
import { findCluster, findModel, requireBalancer } from '../find-cluster.ts';
import { currentPrefix, nodesOf, requireImage } from '../make-of.ts';
import { required } from '../options.ts';
import { waitingWith } from '../ready.ts';
import { reconcile } from '../reconcile.ts';

export const deploy = defineCommand({
  usage: 'deploy <image>',
  about: 'replace the nodes of a service by ones of another image, losing nothing',
  more:
    'New nodes come in first; when every balancer sends them requests, as many old ones are drained and stopped. ' +
    'When a new one does not become ready, the new ones of that step are removed again, the old ones serve on, ' +
    'and the end of its log is shown. New nodes have new names: s1, s2 are followed by s3, s4, and these by s1, s2. ' +
    'Nodes of other services are left alone.',
  options: {
    image: required(image({ about: 'The image, which the engine must have' })),
    service,
    'at-a-time': atATime,
    'ready-limit': readyLimit,
    cluster,
  },
  examples: [
    ['rollcall deploy my-app:4', 'one node after the other'],
    ['rollcall deploy my-app:4 --at-a-time 3', 'quicker, with up to three nodes more for a while'],
    ['rollcall deploy my-app:3', 'and back again'],
    ['rollcall deploy my-shop:2 --service shop', 'another service; all others stay as they are'],
  ],
  changes: true,
  async run({ image: name, service: ofService, cluster: clusterName, ...values }, host) {
    const found = await findCluster(await host.connect(), clusterName);
    const { engine, all, containers } = found;
    requireBalancer(found);
    const { spec } = findModel(found, ofService);
    const wanted = {
      service: ofService,
      count: nodesOf(containers, ofService).filter(isMeantToRun).length,
      prefix: currentPrefix(containers, ofService),
      spec: { ...spec, image: name },
      imageId: await requireImage(engine, name),
      ...{ replace: true, atATime: values['at-a-time'] },
    };
    const waiting = waitingWith(engine, clusterName, values['ready-limit'], host);
    const steps = await reconcile({ services: [wanted] }, { ...waiting, all, containers });
    const { count } = wanted;
    const nodes = counted(count, `${ofService} node`);
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
