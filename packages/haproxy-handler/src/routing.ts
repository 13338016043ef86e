import { type Route, tcpPortOf } from '@rollcall/membership';
import type { Routes } from './plan.ts';
import { portSection, type Sections } from './sections.ts';
import { type Registered, serviceOf } from './server.ts';
import { mayServe } from './suspects.ts';

/** What the routes are made from. */
export interface RoutingQuestion {
  readonly servers: readonly Registered[];
  /** What HAProxy's own checks find, by `keyOf` a server; undefined while HAProxy does not answer. */
  readonly up: ReadonlyMap<string, boolean> | undefined;
  /** The balancer's own. */
  readonly ownPorts: readonly number[];
  /** Who has them until now; undefined where that is not known. */
  readonly held: Routes | undefined;
  /** What HAProxy's configuration has; undefined while HAProxy does not answer. */
  readonly sections: Sections | undefined;
  /** What it will not have, and why, in words that follow a route. */
  readonly refusedSections: ReadonlyMap<string, string>;
}

/** A route that a service asks for and does not get. */
export interface RefusedClaim {
  readonly service: string;
  readonly route: Route;
  /** Why, in words that follow the route: `is held by web, which claimed it first`. */
  readonly reason: string;
  /** The service that has the route; absent where none may have it. */
  readonly heldBy?: string;
}

/** Which service gets what. */
export interface Routing {
  /** For HAProxy's map. */
  readonly routes: Routes;
  /** What each service gets, both sorted. */
  readonly granted: ReadonlyMap<string, readonly Route[]>;
  readonly refused: readonly (RefusedClaim & { readonly nodes: readonly string[] })[];
}

/** The nodes of one backend that ask for a route. */
interface Claimant {
  readonly backend: string;
  /** One of them at least is in rotation, and not only a suspect that HAProxy does not reach. */
  isPresent: boolean;
  /** The best of any of them. */
  say: Say;
  /** ms since the epoch: the oldest claim of those with this say */
  since: number;
  readonly nodes: string[];
}

/** What say a node has in how old its service's claim is, most first. */
const SAYS = ['in the room', 'reached', 'none'] as const;
type Say = (typeof SAYS)[number];

/**
 * Which service gets which route. Pure. The oldest claim wins, and at the same age the first by name; those whose nodes are
 * all going, or gone, come last. How old a claim is, only nodes in the room tell, as long as there is one; those that
 * drain tell it of the service that has the route, so that none is lost by a rolling update. Who else failed or drains may
 * have lost it. A service that HAProxy has no backend for yet waits: until then the route stays where it is.
 */
export function routingOf(question: RoutingQuestion): Routing {
  const granted = new Map(question.servers.map(({ service }): [string, Route[]] => [service, []]));
  const routes: [string, string][] = [];
  const refused: Routing['refused'][number][] = [];
  for (const [route, claimants] of claimantsByRoute(question)) {
    const refuse = ({ backend, nodes }: Claimant, reason: string, heldBy?: string) =>
      refused.push({ service: serviceOf(backend), route, reason, ...(heldBy && { heldBy }), nodes });
    const open = claimants.filter((claimant) => {
      const reason = obstacle(route, claimant, question);
      if (reason !== undefined) refuse(claimant, reason);
      return reason === undefined;
    });
    const [winner, ...others] = open.filter((each) => hasPlace(route, each, question)).sort(bySeniority);
    if (!winner) continue;
    const service = serviceOf(winner.backend);
    routes.push([mapKey(route), winner.backend]);
    granted.get(service)?.push(route);
    for (const other of others) if (other.isPresent) refuse(other, whyNot(winner, other), service);
  }
  for (const each of granted.values()) each.sort();
  return {
    routes: new Map(routes.sort(byFirst)),
    granted: new Map([...granted].sort(byFirst)),
    refused: refused.sort((a, b) => (`${a.service} ${a.route}` < `${b.service} ${b.route}` ? -1 : 1)),
  };
}

/** How a route is looked up in HAProxy's map: as the beginning of `HOST/PATH/`, whole parts only. */
function mapKey(route: Route): string {
  return tcpPortOf(route) !== undefined || route.endsWith('/') ? route : `${route}/`;
}

function claimantsByRoute({ servers, up, held }: RoutingQuestion): Map<Route, Claimant[]> {
  const all = new Map<Route, Map<string, Claimant>>();
  for (const server of servers) {
    const { backend, name, claims } = server;
    const isPresent = isInRotation(server, up);
    for (const { route, since } of claims) {
      const say = sayOf(server, isPresent, held?.get(mapKey(route)) === backend);
      const ofRoute = all.get(route) ?? new Map<string, Claimant>();
      all.set(route, ofRoute);
      const claimant = ofRoute.get(backend) ?? { backend, isPresent, say, since, nodes: [] };
      ofRoute.set(backend, claimant);
      claimant.isPresent ||= isPresent;
      claimant.nodes.push(name);
      if ((SAYS.indexOf(say) - SAYS.indexOf(claimant.say) || since - claimant.since) >= 0) continue;
      claimant.say = say;
      claimant.since = since;
    }
  }
  return new Map([...all].map(([route, claimants]) => [route, [...claimants.values()]]));
}

function isInRotation(server: Registered, up: RoutingQuestion['up']): boolean {
  return server.mode === 'ready' && (server.suspectSince === undefined || mayServe(server, up));
}

function sayOf({ suspectSince }: Registered, isPresent: boolean, isHolder: boolean): Say {
  if (suspectSince === undefined && (isPresent || isHolder)) return 'in the room';
  return isPresent ? 'reached' : 'none';
}

function obstacle(route: Route, { backend }: Claimant, question: RoutingQuestion): string | undefined {
  const port = tcpPortOf(route);
  if (port !== undefined && question.ownPorts.includes(port)) return 'is a port of this balancer itself';
  const refused = question.refusedSections;
  return refused.get(backend) ?? (port === undefined ? undefined : refused.get(portSection(port)));
}

function hasPlace(route: Route, { backend }: Claimant, { sections }: RoutingQuestion): boolean {
  if (!sections) return true;
  const port = tcpPortOf(route);
  return sections.has(backend) && (port === undefined || sections.has(portSection(port)));
}

function bySeniority(a: Claimant, b: Claimant): number {
  return Number(b.isPresent) - Number(a.isPresent) || a.since - b.since || (a.backend < b.backend ? -1 : 1);
}

function whyNot(winner: Claimant, other: Claimant): string {
  const holder = serviceOf(winner.backend);
  if (winner.since === other.since) return `is held by ${holder}, which claimed it at the same time`;
  return `is held by ${holder}, which claimed it first`;
}

function byFirst([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return a < b ? -1 : 1;
}
