import { defineCommand } from '../command.ts';
import {
  atATime,
  cluster,
  image,
  nodeVariables,
  readyLimit,
  routes,
  serviceName,
} from '../common-options.ts';
import { USUAL_PLACE } from '../first-place.ts';
import { checkFreeRequests } from '../free-requests.ts';
import { containersOf } from '../labels.ts';
import { look } from '../look.ts';
import { requireImage } from '../make-of.ts';
import { list, pairs, wholeNumber, word } from '../options.ts';
import { untilOthersInPlace } from '../others-in-place.ts';
import { paintFor } from '../paint.ts';
import type { WantedNodes } from '../plan.ts';
import { waitingWith } from '../ready.ts';
import { reconcile } from '../reconcile.ts';
import { DEFAULT_SERVICE } from '../service-variables.ts';
import { portsOfRoutes } from '../services.ts';
import { USUAL_BALANCER_IMAGE, wantedBalancers } from '../wanted-balancers.ts';
import { servicesMeant, USUAL_NODES, wantedNodes } from '../wanted-nodes.ts';
import { whereItIs } from '../where-it-is.ts';

const nodes = { min: 0, max: 500 };
const port = { min: 1, max: 65_535 };
const asItIs = (fallback: number | string) => `as it is; at first ${fallback}`;

export const up = defineCommand({
  usage: 'up',
  about: 'bring a cluster up, or bring it to what you say now',
  more:
    'Only what is missing or differs is done, so it can be run again at any time. What you do not say stays as it is.\n' +
    'Nodes with another image or environment than wanted are replaced one after the other: the new one serves before ' +
    'the old one is drained. A balancer holds its ports, so while it is replaced nobody answers there: --publish does ' +
    'that, too.\n' +
    'Several services are several runs of it, each with a --service and a --route of its own. Nodes of others are left ' +
    'alone.',
  options: {
    service: serviceName({
      about: 'The service whose nodes are meant',
      otherwise: `${DEFAULT_SERVICE}; all there are when nothing is said of nodes`,
    }),
    nodes: wholeNumber({ about: 'How many nodes', otherwise: asItIs(USUAL_NODES.count), ...nodes }),
    balancers: wholeNumber({ about: 'How many balancers', otherwise: asItIs(1), min: 1, max: 20 }),
    image: image({ about: 'Image of the nodes', otherwise: asItIs(USUAL_NODES.image) }),
    'balancer-image': image({ about: 'Image of the balancers', otherwise: asItIs(USUAL_BALANCER_IMAGE) }),
    env: nodeVariables(
      'Variable of the nodes, NAME=VALUE; repeat it. Together they replace what was said before',
    ),
    route: routes({ otherwise: asItIs('what the image says, or /') }),
    'balancer-env': pairs({ about: 'Variable of the balancers, NAME=VALUE; repeat it' }),
    http: wholeNumber({ about: 'Port of the first balancer', otherwise: asItIs(USUAL_PLACE.http), ...port }),
    stats: wholeNumber({ about: 'Port of its stats page', otherwise: asItIs(USUAL_PLACE.stats), ...port }),
    bind: word({
      about: "Address that the ports are bound to; 0.0.0.0 for all of the machine's",
      otherwise: asItIs(USUAL_PLACE.bind),
      allowed: 'an IPv4 address',
      read: (text) => (/^\d{1,3}(\.\d{1,3}){3}$/.test(text) ? text : undefined),
    }),
    publish: list(
      wholeNumber({
        about: 'Port of a route by TCP to be reached on the machine as well; repeat it',
        otherwise: asItIs('those of --route'),
        ...port,
      }),
    ),
    prefix: word({
      about: 'What the names of the nodes begin with: s for s1, s2 …',
      otherwise: asItIs('s for web, else the name of the service'),
      allowed: 'at most 20 letters and "-", a letter first and last, and not "ha"',
      read: (text) => (/^[A-Za-z]([A-Za-z-]{0,18}[A-Za-z])?$/.test(text) && text !== 'ha' ? text : undefined),
    }),
    'at-a-time': atATime,
    'ready-limit': readyLimit,
    cluster,
  },
  examples: [
    ['rollcall up', 'a balancer ha, web nodes s1 and s2, on 127.0.0.1:8080'],
    ['rollcall up --nodes 5 --image my-app:3', 'five nodes of your own image'],
    ['rollcall up -e ROLLCALL_CHECK=/health -e ROLLCALL_PORT=8000', 'tell the nodes how your app is reached'],
    [
      'rollcall up --service shop --image my-shop:1 --route shop.example.com',
      'a second service, by its host',
    ],
    [
      'rollcall up --service db --image my-db:1 --route tcp:5432',
      'one that does not speak HTTP, at port 5432',
    ],
    ['rollcall up --balancers 2', 'a second balancer, on the next free ports'],
    ['rollcall up --cluster blue --http 8090 --stats 1946', 'another cluster beside the first'],
  ],
  changes: true,
  async run({ service: named, ...values }, host) {
    const engine = await host.connect();
    const all = await engine.containers();
    const containers = containersOf(values.cluster, all);
    const { nodes: count, image: imageName, env, route: routed, prefix } = values;
    const said = { nodes: count, image: imageName, env, routes: routed, prefix };
    const services = await Promise.all(
      servicesMeant(named, said, containers).map(async (each): Promise<WantedNodes> => {
        const wanted = wantedNodes(each, said, containers);
        const imageId = await requireImage(engine, wanted.spec.image);
        return { ...wanted, imageId, replace: true, atATime: values['at-a-time'] };
      }),
    );
    await checkFreeRequests(services, containers, engine);
    const balancers = await wantedBalancers(values, portsOfRoutes(routed ?? []), containers, engine, all);
    const waiting = waitingWith(engine, values.cluster, values['ready-limit'], host);
    const steps = await reconcile({ balancers, services }, { ...waiting, all, containers });
    await untilOthersInPlace(
      steps,
      services.map(({ service }) => service),
      waiting,
    );
    const now = await look(engine, values.cluster, containersOf(values.cluster, await engine.containers()));
    host.stdout.write(whereItIs(now, services, steps.length === 0, paintFor(host.stdout)));
  },
});
