import { type Server, viewOf } from './balancer-view.ts';
import type { ContainerState, FoundContainer, Published, Role } from './cluster.ts';
import { byNumber } from './names.ts';
import type { ReadStatus } from './node-status.ts';
import {
  type RefusedRoute,
  refusedRoutes,
  type ServiceLine,
  serviceLines,
  type UnpublishedPort,
  unpublishedPorts,
  type Views,
} from './services.ts';

/** What the engine runs of a cluster and what its balancers see, side by side: what `rollcall ps --json` prints. */
export interface Overview {
  readonly cluster: string;
  readonly nodes: readonly NodeLine[];
  /** Sorted by name. */
  readonly services: readonly ServiceLine[];
  readonly refusedRoutes: readonly RefusedRoute[];
  readonly unpublished: readonly UnpublishedPort[];
  /** Members that a balancer does not use, and why. */
  readonly refused: readonly { readonly by: string; readonly name: string; readonly reason: string }[];
  /** What the nodes themselves say is wrong. */
  readonly problems: readonly { readonly node: string; readonly problem: string }[];
}

export interface NodeLine {
  readonly node: string;
  readonly role: Role;
  /** Null for balancers. */
  readonly service: string | null;
  /** Null for a member that no container of this cluster is: it runs elsewhere, or was started by hand. */
  readonly container: ContainerLine | null;
  /** What the node says it is doing; null when it does not say. */
  readonly phase: ReadStatus['phase'] | null;
  /** What each running balancer has of it, by the balancer's name; null where it has nothing. Empty for balancers. */
  readonly seenBy: Readonly<Record<string, Omit<Server, 'node' | 'service' | 'boot'> | null>>;
}

export interface ContainerLine {
  readonly name: string;
  readonly id: string;
  readonly state: ContainerState;
  /** Null while it runs. */
  readonly exitCode: number | null;
  readonly image: string;
  readonly imageId: string;
  /** ISO 8601. */
  readonly createdAt: string;
  readonly published: Published | null;
  /** The container that it is a sidecar of; null for all others. */
  readonly app: string | null;
}

export interface Seen {
  readonly containers: readonly FoundContainer[];
  /** Of those that do not run, by node. */
  readonly exitCodes: ReadonlyMap<string, number>;
  /** Of those that run, by node; undefined where it has none yet. */
  readonly statuses: ReadonlyMap<string, ReadStatus | undefined>;
}

/** Puts together what was seen. */
export function overviewOf(cluster: string, { containers, exitCodes, statuses }: Seen): Overview {
  const balancers = containers.filter(({ role, node }) => role === 'balancer' && statuses.has(node));
  const views: Views = new Map(balancers.map(({ node }) => [node, viewOf(statuses.get(node))]));
  const own = containers.map((container): NodeLine => {
    const { node, role, service = null } = container;
    return {
      node,
      role,
      service,
      container: containerLine(container, exitCodes.get(node)),
      phase: statuses.get(node)?.phase ?? null,
      seenBy: role === 'balancer' ? {} : seenBy(node, views),
    };
  });
  return {
    cluster,
    nodes: [...own, ...strangers(containers, views)],
    services: serviceLines(containers, views),
    refusedRoutes: refusedRoutes(views),
    unpublished: unpublishedPorts(containers, views),
    refused: [...views].flatMap(([by, view]) => view?.refused.map((refused) => ({ by, ...refused })) ?? []),
    problems: containers.flatMap(({ node }) => {
      const problems = [statuses.get(node)?.problem, views.get(node)?.templateProblem];
      return [...new Set(problems)].flatMap((problem) => (problem === undefined ? [] : [{ node, problem }]));
    }),
  };
}

function strangers(containers: readonly FoundContainer[], views: Views): NodeLine[] {
  const known = new Set(containers.map(({ node }) => node));
  const seen = [...views.values()].flatMap((view) => view?.servers ?? []);
  const services = new Map(seen.map(({ node, service }) => [node, service]));
  return [...services]
    .filter(([node]) => !known.has(node))
    .sort(([one], [other]) => byNumber(one, other))
    .map(([node, service]) => ({
      ...{ node, role: 'backend', service, container: null, phase: null },
      seenBy: seenBy(node, views),
    }));
}

function seenBy(node: string, views: Views): NodeLine['seenBy'] {
  return Object.fromEntries(
    [...views].map(([balancer, view]) => {
      const server = view?.servers.find((each) => each.node === node);
      if (!server) return [balancer, null];
      const { state, up, inFlight, suspect } = server;
      return [balancer, { state, up, inFlight, suspect }];
    }),
  );
}

function containerLine(container: FoundContainer, exitCode: number | undefined): ContainerLine {
  const { name, id, state, imageId, createdAt, spec } = container;
  return {
    name,
    id,
    state,
    exitCode: exitCode ?? null,
    image: spec?.image ?? imageId,
    imageId,
    createdAt: createdAt.toISOString(),
    published: spec?.published ?? null,
    app: spec?.app?.name ?? null,
  };
}
