/**
 * What a service asks the balancers for, in its one spelling:
 * - `shop.example.com/api`: requests to this host whose path is `/api` or below it
 * - `shop.example.com`: all requests to this host
 * - `/api`: such paths at any host that has no route of its own for them; `/` is everything
 * - `tcp:5432`: connections to this port
 */
export type Route = string;

/** A route, and when the node's service first asked for it (ms since the epoch): the oldest claim wins. */
export interface Claim {
  readonly route: Route;
  readonly since: number;
}

export const DEFAULT_ROUTE: Route = '/';

const HOST = /^(?=.{1,253}$)[a-z0-9](?:[a-z0-9-]{0,62})(?:\.[a-z0-9](?:[a-z0-9-]{0,62}))*$/;
// Nothing here may mean anything to a HAProxy map, to its command line or to a list of routes.
const PATH = /^(?:\/[A-Za-z0-9._~%+:=&@-]+)*\/?$/;
const TCP = /^tcp:([1-9][0-9]{0,4})$/;

/** The port of a TCP route; undefined for one of HTTP. */
export function tcpPortOf(route: Route): number | undefined {
  const port = Number(TCP.exec(route)?.[1]);
  return port <= 65_535 ? port : undefined;
}

/** A route in its one spelling: the host in lower case, no `/` at the end. Undefined for what is none. */
export function parseRoute(text: string): Route | undefined {
  if (tcpPortOf(text) !== undefined) return text;
  const slash = text.indexOf('/');
  const host = (slash < 0 ? text : text.slice(0, slash)).toLowerCase();
  const path = slash < 0 ? '' : text.slice(slash);
  if (host !== '' && !HOST.test(host)) return undefined;
  if (!PATH.test(path) || path.split('/').some((part) => part === '.' || part === '..')) return undefined;
  const route = `${host}${path.replace(/\/$/, '')}`;
  if (route !== '') return route;
  return path === '/' ? DEFAULT_ROUTE : undefined;
}

/**
 * A list of routes, separated by commas; each is kept once. Undefined where one of it is none, or where routes of HTTP and
 * of TCP are mixed: an app's port speaks one of them.
 */
export function parseRoutes(text: string): readonly Route[] | undefined {
  const routes = text.split(',').map((each) => parseRoute(each.trim()));
  const known = routes.filter((route) => route !== undefined);
  if (known.length < routes.length || isMixed(known)) return undefined;
  return [...new Set(known)];
}

export function isMixed(routes: readonly Route[]): boolean {
  const tcp = routes.filter((route) => tcpPortOf(route) !== undefined).length;
  return tcp > 0 && tcp < routes.length;
}
