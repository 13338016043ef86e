import { type BalancerView, viewOf } from './balancer-view.ts';
import type { FoundContainer } from './cluster.ts';
import type { ReadStatus } from './node-status.ts';

/** A node that is not where it should be yet. */
export interface Missing {
  readonly node: string;
  /** As it reads after "s1: ". */
  readonly why: string;
  /** Its service gets none of its routes at some balancer, mostly as others have them. */
  readonly isRefused: boolean;
}

type Statuses = ReadonlyMap<string, ReadStatus | undefined>;
type Node = Pick<FoundContainer, 'node' | 'service'>;
type Why = Omit<Missing, 'node'>;

/**
 * Which nodes are not in their place: a balancer is when it follows the cluster, a node when every balancer sends it
 * requests for its service.
 *
 * @param balancers what every running balancer tells of itself
 * @param own what the nodes tell of themselves
 */
export function notInPlace(nodes: readonly Node[], balancers: Statuses, own: Statuses): Missing[] {
  return nodes.flatMap(({ node, service }) => {
    const status = own.get(node);
    const whys =
      service === undefined ? whyNotFollowing(status) : whyNotServing(node, service, status, balancers);
    if (whys.length === 0) return [];
    const why = whys.map((each) => each.why).join('; ');
    return [{ node, why, isRefused: whys.some(({ isRefused }) => isRefused) }];
  });
}

function whyNotFollowing(status: ReadStatus | undefined): Why[] {
  if (status?.problem !== undefined) return [notYet(status.problem)];
  return status?.phase === 'running' && viewOf(status) ? [] : [notYet('it is starting')];
}

function whyNotServing(
  node: string,
  service: string,
  own: ReadStatus | undefined,
  balancers: Statuses,
): Why[] {
  if (!own) return [notYet('it has not said anything of itself yet')];
  if (own.phase !== 'running') return [notYet(`it is ${own.phase}`)];
  if (balancers.size === 0) return [notYet('no balancer runs')];
  return [...balancers].flatMap(([balancer, status]) => {
    const why = whyNotAt(node, service, own, status);
    return why === undefined ? [] : [{ ...why, why: `at ${balancer}: ${why.why}` }];
  });
}

function whyNotAt(
  node: string,
  service: string,
  own: ReadStatus,
  balancer: ReadStatus | undefined,
): Why | undefined {
  const view = viewOf(balancer);
  if (!view) return notYet('that balancer is starting');
  const lacksRoutes = view.services.find((each) => each.service === service)?.routes.length === 0;
  const claims = refusedClaims(service, view);
  if (lacksRoutes && claims !== '') return { why: claims, isRefused: true };
  // A server of an earlier start of the same node says nothing about this one.
  const server = view.servers.find((each) => each.node === node && each.boot === own.boot);
  if (server?.state === 'ready' && server.up && !lacksRoutes) return undefined;
  const refused = view.refused.find(({ name }) => name === node);
  if (refused) return notYet(`refused: ${refused.reason}`);
  const problem = own.problem ?? balancer?.problem;
  if (problem !== undefined) return notYet(problem);
  if (!server) return notYet('not known yet');
  if (server.state !== 'ready') return notYet('it is out of rotation');
  return notYet(server.up ? `${service} has no route yet` : "HAProxy's check does not reach it");
}

const notYet = (why: string): Why => ({ why, isRefused: false });

function refusedClaims(service: string, view: BalancerView): string {
  const refused = view.refusedClaims.filter((each) => each.service === service);
  return refused.map(({ route, reason }) => `the route ${route} ${reason}`).join(', ');
}
