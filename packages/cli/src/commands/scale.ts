import { defineCommand } from '../command.ts';
import { cluster, readyLimit, service } from '../common-options.ts';
import { counted } from '../counted.ts';
import { findCluster, findModel, requireBalancer } from '../find-cluster.ts';
import { currentPrefix } from '../make-of.ts';
import { required, wholeNumber } from '../options.ts';
import { waitingWith } from '../ready.ts';
import { reconcile } from '../reconcile.ts';

export const scale = defineCommand({
  usage: 'scale <nodes>',
  about: 'add or remove nodes of a service',
  more:
    'New ones are made like the newest one there is. The highest numbers go first; they are drained, so no request ' +
    'is lost. With 0 the last node is stopped and kept: it remembers the image and environment for the next time.',
  options: {
    nodes: required(wholeNumber({ about: 'How many nodes there should be', min: 0, max: 500 })),
    service,
    'ready-limit': readyLimit,
    cluster,
  },
  examples: [
    ['rollcall scale 5', 'five nodes, however many there are now'],
    ['rollcall scale 5 --service shop', 'five of the service shop; all others stay as they are'],
    ['rollcall scale 0', 'none: the balancers answer 503'],
  ],
  changes: true,
  async run({ nodes, service: ofService, cluster: name, ...values }, host) {
    const found = await findCluster(await host.connect(), name);
    const { engine, all, containers } = found;
    requireBalancer(found);
    const { spec, imageId } = findModel(found, ofService);
    const prefix = currentPrefix(containers, ofService);
    const wanted = {
      ...{ service: ofService, count: nodes, prefix, spec, imageId },
      ...{ replace: false, atATime: 1 },
    };
    const waiting = waitingWith(engine, name, values['ready-limit'], host);
    const steps = await reconcile({ services: [wanted] }, { ...waiting, all, containers });
    const done = steps.length === 0 ? 'has' : 'now has';
    host.stdout.write(`${name} ${done} ${counted(nodes, `${ofService} node`)}\n`);
  },
});
