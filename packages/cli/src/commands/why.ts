import { viewOf } from '../balancer-view.ts';
import { type FoundContainer, isLive } from '../cluster.ts';
import { defineCommand } from '../command.ts';
import { cluster, json, node as nodeArgument } from '../common-options.ts';
import { type Cluster, findCluster, findNode } from '../find-cluster.ts';
import { notInPlace } from '../in-place.ts';
import { type ReadStatus, readStatuses } from '../node-status.ts';
import { required } from '../options.ts';
import { routesText } from '../overview-text.ts';
import { type ServiceLine, serviceLines } from '../services.ts';
import { type StoryLine, storyOf } from '../story.ts';
import { table } from '../table.ts';

export const why = defineCommand({
  usage: 'why <node>',
  about: "tell a node's story: what happened to it, when, and why",
  more:
    'Balancers tell what they saw (joined, ready, applied, first request, draining, gone), the engine tells when the ' +
    'container was started and how it ended. Times are UTC, as in the logs.',
  options: { node: required(nodeArgument), json, cluster },
  examples: [
    ['rollcall why s2', 'why does s2 get no requests?'],
    ['rollcall why ha', 'since when does the balancer run?'],
  ],
  changes: false,
  async run({ node, json: asJson, cluster: name }, host) {
    const found = await findCluster(await host.connect(), name);
    const { engine, containers } = found;
    const balancers = containers.filter((each) => each.role === 'balancer' && isLive(each));
    const statuses = await readStatuses(engine, balancers);
    const container = containers.find((each) => each.node === node);
    const life = container && {
      image: container.spec?.image ?? container.imageId,
      life: await engine.life(container.id),
    };
    const story = storyOf(node, statuses, life);
    // Without a story the node is known to nobody, and this says so.
    if (story.length === 0) findNode(found, node);
    const now = await whatNow(node, container, statuses, found);
    const service = serviceOf(node, container, statuses);
    host.stdout.write(
      asJson
        ? `${JSON.stringify({ node, service: service ?? null, story, now }, undefined, 2)}\n`
        : storyText(story, service, now),
    );
  },
});

async function whatNow(
  node: string,
  container: FoundContainer | undefined,
  balancers: ReadonlyMap<string, ReadStatus | undefined>,
  { engine }: Cluster,
): Promise<string> {
  if (!container) return `${node} is no container of this cluster: it was removed, or runs elsewhere`;
  if (!isLive(container)) return `${node} does not run (${container.state})`;
  const own = await readStatuses(engine, [container]);
  const missing = notInPlace([container], balancers, own);
  const inPlace = container.role === 'balancer' ? 'follows the cluster' : 'is in rotation at every balancer';
  const [first] = missing;
  return first ? `${node} is not in rotation: ${first.why}` : `${node} ${inPlace}`;
}

/** Which service a node belongs to, and what that gets; undefined for balancers, and where nobody knows. */
function serviceOf(
  node: string,
  container: FoundContainer | undefined,
  balancers: ReadonlyMap<string, ReadStatus | undefined>,
): ServiceLine | undefined {
  const views = new Map([...balancers].map(([balancer, status]) => [balancer, viewOf(status)]));
  const servers = [...views.values()].flatMap((view) => view?.servers ?? []);
  const known = container ?? servers.find((each) => each.node === node);
  return serviceLines([], views).find(({ service }) => service === known?.service);
}

function storyText(story: readonly StoryLine[], service: ServiceLine | undefined, now: string): string {
  const rows = story.map(({ at, by, what, cause }) => [at, by, what, cause]);
  const belongs = service ? `Service: ${service.service}, ${routesText(service.routes)}\n` : '';
  return `${table(['WHEN', 'WHO SAW IT', 'WHAT', 'CAUSE'], rows)}\n${belongs}Now: ${now}.\n`;
}
