import { viewOf } from './balancer-view.ts';
import type { Role } from './cluster.ts';
import type { ReadStatus } from './node-status.ts';

/** A node that is not where it should be yet. */
export interface Missing {
  readonly node: string;
  /** As it reads after "s1: ". */
  readonly why: string;
}

type Statuses = ReadonlyMap<string, ReadStatus | undefined>;

/**
 * Which nodes are not in their place: a balancer is when it follows the cluster, a web node when every balancer sends
 * it requests.
 *
 * @param balancers what every running balancer tells of itself
 * @param own what the nodes tell of themselves
 */
export function notInPlace(
  nodes: readonly { readonly node: string; readonly role: Role }[],
  balancers: Statuses,
  own: Statuses,
): Missing[] {
  return nodes.flatMap(({ node, role }) => {
    const status = own.get(node);
    const whys = role === 'balancer' ? whyNotFollowing(status) : whyNotServing(node, status, balancers);
    return whys.length > 0 ? [{ node, why: whys.join('; ') }] : [];
  });
}

function whyNotFollowing(status: ReadStatus | undefined): string[] {
  if (status?.problem !== undefined) return [status.problem];
  return status?.phase === 'running' && viewOf(status) ? [] : ['it is starting'];
}

function whyNotServing(node: string, own: ReadStatus | undefined, balancers: Statuses): string[] {
  if (!own) return ['it has not said anything of itself yet'];
  if (own.phase !== 'running') return [`it is ${own.phase}`];
  if (balancers.size === 0) return ['no balancer runs'];
  return [...balancers].flatMap(([balancer, status]) => {
    const why = whyNotAt(node, own, status);
    return why === undefined ? [] : [`at ${balancer}: ${why}`];
  });
}

function whyNotAt(node: string, own: ReadStatus, balancer: ReadStatus | undefined): string | undefined {
  const view = viewOf(balancer);
  if (!view) return 'that balancer is starting';
  // A server of an earlier start of the same node says nothing about this one.
  const server = view.servers.find((each) => each.node === node && each.boot === own.boot);
  if (server?.state === 'ready' && server.up) return undefined;
  const refused = view.refused.find(({ name }) => name === node);
  if (refused) return `refused: ${refused.reason}`;
  const problem = own.problem ?? balancer?.problem;
  if (problem !== undefined) return problem;
  if (!server) return 'not known yet';
  return server.state === 'ready' ? "HAProxy's check does not reach it" : 'it is out of rotation';
}
