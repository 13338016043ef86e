import { type FoundContainer, isWebNode, type Published, type WantedContainer } from '../cluster.ts';
import { defineCommand } from '../command.ts';
import { atATime, cluster, image, readyLimit } from '../common-options.ts';
import { containersOf } from '../labels.ts';
import { currentPrefix, newest, requireImage, specFrom } from '../make-of.ts';
import { balancerName } from '../names.ts';
import { pairs, wholeNumber, word } from '../options.ts';
import { untilOthersInPlace } from '../others-in-place.ts';
import { portHolder } from '../port-holder.ts';
import { choosePorts } from '../ports.ts';
import { waitingWith } from '../ready.ts';
import { reconcile } from '../reconcile.ts';
import { whereItIs } from '../where-it-is.ts';

const DEFAULTS = { nodes: 2, bind: '127.0.0.1', http: 8080, stats: 1936 };
const WEB_IMAGE = 'rollcall/webapp';
const BALANCER_IMAGE = 'rollcall/haproxy';

const nodes = { min: 0, max: 500 };
const port = { min: 1, max: 65_535 };
const asItIs = (fallback: number | string) => `as it is; at first ${fallback}`;

export const up = defineCommand({
  usage: 'up',
  about: 'bring a cluster up, or bring it to what you say now',
  more:
    'Only what is missing or differs is done, so it can be run again at any time. What you do not say stays as it is.\n' +
    'Nodes with another image or environment than wanted are replaced one after the other: the new one serves before ' +
    'the old one is drained. A balancer holds its ports, so while it is replaced nobody answers there.',
  options: {
    nodes: wholeNumber({ about: 'How many web nodes', otherwise: asItIs(DEFAULTS.nodes), ...nodes }),
    balancers: wholeNumber({ about: 'How many balancers', otherwise: asItIs(1), min: 1, max: 20 }),
    image: image({ about: 'Image of the web nodes', otherwise: asItIs(WEB_IMAGE) }),
    'balancer-image': image({ about: 'Image of the balancers', otherwise: asItIs(BALANCER_IMAGE) }),
    env: pairs({
      about: 'Variable of the web nodes, NAME=VALUE; repeat it. Together they replace what was said before',
      alias: 'e',
    }),
    'balancer-env': pairs({ about: 'Variable of the balancers, NAME=VALUE; repeat it' }),
    http: wholeNumber({ about: 'Port of the first balancer', otherwise: asItIs(DEFAULTS.http), ...port }),
    stats: wholeNumber({ about: 'Port of its stats page', otherwise: asItIs(DEFAULTS.stats), ...port }),
    bind: word({
      about: "Address that the ports are bound to; 0.0.0.0 for all of the machine's",
      otherwise: asItIs(DEFAULTS.bind),
      allowed: 'an IPv4 address',
      read: (text) => (/^\d{1,3}(\.\d{1,3}){3}$/.test(text) ? text : undefined),
    }),
    prefix: word({
      about: 'What the names of the web nodes begin with: s for s1, s2 …',
      otherwise: asItIs('s'),
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
    ['rollcall up --balancers 2', 'a second balancer, on the next free ports'],
    ['rollcall up --cluster blue --http 8090 --stats 1946', 'another cluster beside the first'],
  ],
  changes: true,
  async run(values, host) {
    const engine = await host.connect();
    const all = await engine.containers();
    const containers = containersOf(values.cluster, all);
    const balancers = containers.filter(({ role }) => role === 'balancer');
    const backends = containers.filter(isWebNode);
    const spec = specFrom(values, newest(containers, 'backend')?.spec, WEB_IMAGE);
    const balancerSpec = specFrom(
      { image: values['balancer-image'], env: values['balancer-env'] },
      newest(containers, 'balancer')?.spec,
      BALANCER_IMAGE,
    );
    const imageId = await requireImage(engine, spec.image);
    const balancerImageId = await requireImage(engine, balancerSpec.image);
    const places = await choosePorts(
      values.balancers ?? (balancers.length || 1),
      firstPlace(values, balancers),
      balancers,
      portHolder(engine, all, values.cluster),
    );
    const wanted = {
      balancers: places.map(
        (published, index): WantedContainer => ({
          node: balancerName(index),
          role: 'balancer',
          spec: { ...balancerSpec, published },
          imageId: balancerImageId,
        }),
      ),
      nodes: {
        spec,
        imageId,
        count: values.nodes ?? (containers.length > 0 ? backends.length : DEFAULTS.nodes),
        prefix: values.prefix ?? currentPrefix(containers),
        replace: true,
        atATime: values['at-a-time'],
      },
    };
    const waiting = waitingWith(engine, values.cluster, values['ready-limit'], host);
    const steps = await reconcile(wanted, { ...waiting, all, containers });
    await untilOthersInPlace(steps, waiting);
    host.stdout.write(whereItIs(values.cluster, places, wanted.nodes.count, steps.length === 0));
  },
});

function firstPlace(
  said: {
    readonly bind: string | undefined;
    readonly http: number | undefined;
    readonly stats: number | undefined;
  },
  balancers: readonly FoundContainer[],
): Published {
  const before = balancers.find(({ node }) => node === balancerName(0))?.spec?.published;
  return {
    bind: said.bind ?? before?.bind ?? DEFAULTS.bind,
    http: said.http ?? before?.http ?? DEFAULTS.http,
    stats: said.stats ?? before?.stats ?? DEFAULTS.stats,
  };
}
