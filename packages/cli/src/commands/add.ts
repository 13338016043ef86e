import { apply, retire } from '../apply.ts';
import { differences, type FoundContainer, isLive, type Spec, type WantedContainer } from '../cluster.ts';
import { defineCommand } from '../command.ts';
import {
  cluster,
  clusterFlag,
  image,
  node,
  nodeVariables,
  readyLimit,
  routes,
  serviceName,
} from '../common-options.ts';
import type { EngineContainer } from '../engine.ts';
import { CliError } from '../errors.ts';
import { findApp, nodeNameOf } from '../find-app.ts';
import { type Cluster, findCluster, requireBalancer } from '../find-cluster.ts';
import { clusterKey } from '../gossip-key.ts';
import { notInPlace } from '../in-place.ts';
import { clustersOn, containersOf } from '../labels.ts';
import { look } from '../look.ts';
import { requireImage } from '../make-of.ts';
import { readStatuses } from '../node-status.ts';
import { required, wholeNumber, word } from '../options.ts';
import type { Overview } from '../overview.ts';
import { type Paint, paintFor } from '../paint.ts';
import type { Step } from '../plan.ts';
import { waitingWith } from '../ready.ts';
import { DEFAULT_SERVICE } from '../service-variables.ts';
import { sidecarSpec } from '../sidecar.ts';
import { checkNames } from '../taken-names.ts';
import { placeLines, waysTo, withRouteNotes } from '../where-it-is.ts';

const SIDECAR_IMAGE = 'rollcall/sidecar';

export const add = defineCommand({
  usage: 'add <container>',
  about: 'bring a running container of your own into the cluster, as it is',
  more:
    'A sidecar is started that shares the network of the container, looks whether its port answers, and announces it. ' +
    'The container itself is not changed; it is only connected to the network of the cluster. Give each port that is ' +
    'to be reached a sidecar with a --name of its own. Run it again when the container was replaced, or to say ' +
    'something else: what you do not say stays as it is.\n' +
    'To stop the container and lose nothing, `rollcall remove` its node first.',
  options: {
    container: required(
      word({
        about: 'The container, by its name or id',
        allowed: 'the name or id of a container',
        read: (text) => (/^[A-Za-z0-9][\w.-]*$/.test(text) ? text : undefined),
      }),
    ),
    port: wholeNumber({ about: 'The port that the app listens on in its container', min: 1, max: 65_535 }),
    name: { ...node, about: 'The name of the node', otherwise: "the container's" },
    check: word({
      about: 'How it is seen that the app is ready: a path that answers 2xx or 3xx, or tcp',
      otherwise: 'as it is; at first tcp',
      allowed: 'a path that begins with /, or tcp',
      read: (text) => (text === 'tcp' || text.startsWith('/') ? text : undefined),
    }),
    service: serviceName({
      about: 'The service that it is a node of',
      otherwise: `as it is; at first ${DEFAULT_SERVICE}`,
    }),
    route: routes({ otherwise: 'as it is; at first /' }),
    env: nodeVariables('Variable of the sidecar, NAME=VALUE; repeat it'),
    image: image({ about: 'Image of the sidecar', otherwise: SIDECAR_IMAGE }),
    'ready-limit': readyLimit,
    cluster,
  },
  examples: [
    ['rollcall add shop --port 8080', 'the container shop takes its share of the requests'],
    ['rollcall add shop --port 8080 --check /health', 'only while that path answers well'],
    [
      'rollcall add shop --port 8080 --service shop --route shop.example.com',
      'a service of its own, by its host',
    ],
    [
      'rollcall add shop --port 9090 --name shop-admin --service admin --route /admin',
      'another port of the same container',
    ],
    ['rollcall add shop', 'again, after it was replaced or was away for longer'],
  ],
  changes: true,
  async run(values, host) {
    const found = await findCluster(await host.connect(), values.cluster);
    requireBalancer(found);
    const { engine, all, containers, name } = found;
    const app = findApp(values.container, all);
    const node = nodeNameOf(app, values.name);
    const old = existing(node, app, found);
    const imageName = values.image ?? old?.spec?.image ?? SIDECAR_IMAGE;
    const isConnected = app.networks.includes(name);
    const connected = !isConnected || sidecarsOf(app, containers).some(({ spec }) => spec?.app?.connected);
    const beside = clustersOn(all).flatMap((each) => sidecarsOf(app, containersOf(each, all)));
    const spec = sidecarSpec(
      node,
      imageName,
      { name: app.name, connected },
      { ...values, routes: values.route },
      old?.spec,
      beside.filter(({ id }) => id !== old?.id),
    );
    const wanted: WantedContainer = {
      node,
      role: 'backend',
      spec,
      imageId: await requireImage(engine, imageName),
    };
    const isThere = old !== undefined && isConnected && (await isAsWanted(old, wanted, found));
    if (!isThere) {
      const bring: Step = { do: 'bring', create: [wanted], start: [], replacing: false };
      checkNames(name, [bring], all, await engine.network(name));
      if (!isConnected) await engine.connect(name, app.id);
      try {
        const waiting = waitingWith(engine, name, values['ready-limit'], host);
        if (old) await retire(old, 'another takes its place', waiting);
        await apply([bring], { ...waiting, key: await clusterKey(engine, containers) });
      } catch (error) {
        // The first error says more than one of this would.
        if (!isConnected) await disconnectUnlessAdded(app, found).catch(() => undefined);
        throw error;
      }
    }
    const now = await look(engine, name, containersOf(name, await engine.containers()));
    host.stdout.write(whereItServes(node, app.name, spec, now, isThere, paintFor(host.stdout)));
  },
});

function sidecarsOf({ name }: EngineContainer, containers: readonly FoundContainer[]): FoundContainer[] {
  return containers.filter(({ spec }) => spec?.app?.name === name);
}

/** Without a sidecar, nothing would remember that it was connected, and `rollcall down` would find it in the network. */
async function disconnectUnlessAdded(app: EngineContainer, { engine, name }: Cluster): Promise<void> {
  const containers = containersOf(name, await engine.containers());
  if (sidecarsOf(app, containers).length === 0) await engine.disconnect(name, app.id);
}

function whereItServes(
  node: string,
  app: string,
  { env, service }: Spec,
  overview: Overview,
  nothingDone: boolean,
  paint: Paint,
): string {
  const lines = [
    `${node} is in rotation: port ${env['ROLLCALL_PORT']} of ${app}${nothingDone ? '; nothing had to be done' : ''}`,
    '',
    ...placeLines(overview),
    '',
    'What to try next:',
    ...waysTo(overview, (each) => each === service).map((way) => `  ${way}`),
    `  rollcall ps${clusterFlag(overview.cluster)}`,
    '',
    `Take it out again with \`rollcall remove ${node}${clusterFlag(overview.cluster)}\`.`,
    '',
  ];
  return withRouteNotes(lines, overview, paint);
}

/** The sidecar of this name that there is. @throws CliError `NAME_TAKEN` when something else has the name */
function existing(
  node: string,
  app: EngineContainer,
  { containers, name }: Cluster,
): FoundContainer | undefined {
  const old = containers.find((each) => each.node === node);
  if (!old || old.spec?.app?.name === app.name) return old;
  const what = old.spec?.app ? `the sidecar of the container ${old.spec.app.name}` : `a ${old.role}`;
  throw new CliError('NAME_TAKEN', `the cluster "${name}" has a node "${node}" already, ${what}`, {
    advice: 'Give the new one another name with --name.',
  });
}

/** One that serves is in the app's network; one that does not may be in the network of the app's start before. */
async function isAsWanted(
  old: FoundContainer,
  wanted: WantedContainer,
  { engine, containers }: Cluster,
): Promise<boolean> {
  if (!isLive(old) || differences(old, wanted).length > 0) return false;
  const balancers = containers.filter((each) => each.role === 'balancer' && isLive(each));
  const own = await readStatuses(engine, [old]);
  return notInPlace([old], await readStatuses(engine, balancers), own).length === 0;
}
