import { tcpPortOf } from '@rollcall/membership';
import type { Published } from './cluster.ts';
import { clusterFlag, serviceFlag } from './common-options.ts';
import { counted } from './counted.ts';
import type { Overview } from './overview.ts';
import type { Paint } from './paint.ts';
import type { WantedNodes } from './plan.ts';
import { routeNotes } from './route-notes.ts';
import { DEFAULT_SERVICE } from './service-variables.ts';

/** What to type to run this command again: where npm runs it, it is on nobody's PATH. */
const COMMAND = process.env['npm_execpath'] ? 'npx rollcall' : 'rollcall';

/**
 * Tells where a cluster is reached, and what to try next.
 *
 * @param meant the services that were spoken of
 */
export function whereItIs(
  overview: Overview,
  meant: readonly Pick<WantedNodes, 'service' | 'count'>[],
  nothingDone: boolean,
  paint: Paint,
): string {
  const { cluster, nodes } = overview;
  const flag = clusterFlag(cluster);
  const balancers = nodes.filter(({ role }) => role === 'balancer');
  const counts = [
    counted(balancers.length, 'balancer'),
    ...meant.map(({ service, count }) => counted(count, `${service} node`)),
  ];
  const [first] = meant;
  const { service, count } = first ?? { service: DEFAULT_SERVICE, count: 0 };
  const lines = [
    `${cluster} is up: ${counts.join(', ')}${nothingDone ? '; nothing had to be done' : ''}`,
    '',
    ...placeLines(overview),
    '',
    'What to try next:',
    ...waysTo(overview, () => true).map((way) => `  ${way}`),
    `  ${COMMAND} ps${flag}`,
    `  ${COMMAND} scale ${count + 2}${serviceFlag(service)}${flag}`,
    `  ${COMMAND} --help`,
    '',
  ];
  return withRouteNotes(lines, overview, paint);
}

/** Lines of a text, and below them what a person should know of the routes. */
export function withRouteNotes(lines: readonly string[], overview: Overview, paint: Paint): string {
  return [lines.join('\n'), ...routeNotes(overview, paint).filter((note) => note !== '')].join('\n');
}

/** Where each balancer is reached. */
export function placeLines({ nodes }: Overview): string[] {
  return nodes.flatMap(({ node, container }) =>
    container?.published ? [`  ${node.padEnd(8)}  ${placeText(container.published)}`] : [],
  );
}

/** How services are reached: a command for each, through the first balancer and by the first route. */
export function waysTo({ nodes, services }: Overview, isMeant: (service: string) => boolean): string[] {
  const balancer = nodes.find(({ container }) => container?.published);
  const place = balancer?.container?.published;
  if (!balancer || !place) return [];
  return services
    .filter(({ service }) => isMeant(service))
    .flatMap(({ routes }) => {
      const [route] = routes[balancer.node] ?? [];
      return route === undefined ? [] : (wayBy(route, place) ?? []);
    });
}

/** A command that goes by a route; undefined where its port is not published. */
export function wayBy(route: string, place: Published): string | undefined {
  const port = tcpPortOf(route);
  if (port !== undefined) {
    const at = place.tcp?.[port];
    return at === undefined ? undefined : `nc ${address(place)} ${at}`;
  }
  const slash = route.indexOf('/');
  const host = slash < 0 ? route : route.slice(0, slash);
  const path = slash < 0 ? '' : route.slice(slash + 1);
  return `curl ${host === '' ? '' : `-H "Host: ${host}" `}${url(place, place.http)}${path}`;
}

/** Where a balancer is reached, on the engine's machine. */
export function placeText(place: Published): string {
  const ports = Object.entries(place.tcp ?? {}).map(
    ([port, at]) => `  tcp:${port} at ${address(place)}:${at}`,
  );
  return `${url(place, place.http)}  stats page ${url(place, place.stats)}${ports.join('')}`;
}

/** A URL that works on the engine's machine. */
function url(place: Published, port: number): string {
  return `http://${address(place)}:${port}/`;
}

function address({ bind }: Published): string {
  return bind === '0.0.0.0' ? '127.0.0.1' : bind;
}
