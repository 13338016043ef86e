import { tcpPortOf } from '@rollcall/membership';
import type { BalancerView } from './balancer-view.ts';
import type { FoundContainer } from './cluster.ts';

/** A service, as the balancers have it. */
export interface ServiceLine {
  readonly service: string;
  /** What each running balancer sends to it, by the balancer's name; null where the balancer does not say. */
  readonly routes: Readonly<Record<string, readonly string[] | null>>;
}

/** A route that a service asks for and does not get. */
export interface RefusedRoute {
  /** The balancer. */
  readonly by: string;
  readonly service: string;
  readonly route: string;
  /** As it reads after the route. */
  readonly reason: string;
  /** The service that has it; null where none may. */
  readonly heldBy: string | null;
}

/** A route by TCP whose port is open in a balancer, and not on the engine's machine. */
export interface UnpublishedPort {
  readonly balancer: string;
  readonly service: string;
  readonly port: number;
}

/** What each running balancer sees; undefined where it does not say yet. */
export type Views = ReadonlyMap<string, BalancerView | undefined>;

/** All services: those that have nodes, and those that a balancer knows of, as some run elsewhere. */
export function serviceLines(containers: readonly FoundContainer[], views: Views): ServiceLine[] {
  const known = [...views.values()].flatMap((view) => [
    ...(view?.services ?? []),
    ...(view?.refusedClaims ?? []),
    ...(view?.servers ?? []),
  ]);
  const names = [...containers, ...known].flatMap(({ service }) => service ?? []);
  return [...new Set(names)].sort().map((service) => ({
    service,
    routes: Object.fromEntries(
      [...views].map(([balancer, view]) => [
        balancer,
        view ? (view.services.find((each) => each.service === service)?.routes ?? []) : null,
      ]),
    ),
  }));
}

export function refusedRoutes(views: Views): RefusedRoute[] {
  return [...views].flatMap(([by, view]) =>
    (view?.refusedClaims ?? []).map(({ heldBy, ...refused }) => ({ by, ...refused, heldBy: heldBy ?? null })),
  );
}

/** Balancers that were started by hand, without a place of their own, are left aside. */
export function unpublishedPorts(containers: readonly FoundContainer[], views: Views): UnpublishedPort[] {
  return containers.flatMap(({ node, spec }) => {
    const { published } = spec ?? {};
    if (!published) return [];
    return (views.get(node)?.services ?? []).flatMap(({ service, routes }) =>
      portsOfRoutes(routes)
        .filter((port) => published.tcp?.[port] === undefined)
        .map((port) => ({ balancer: node, service, port })),
    );
  });
}

/** The ports of those that are routes by TCP. */
export function portsOfRoutes(routes: readonly string[]): number[] {
  return routes.flatMap((route) => tcpPortOf(route) ?? []);
}
