import { clusterFlag } from './common-options.ts';
import type { Overview } from './overview.ts';
import type { Paint } from './paint.ts';

/** What a person should know of the routes: who does not get one, and what cannot be reached from outside. */
export function routeNotes({ cluster, refusedRoutes, unpublished }: Overview, paint: Paint): string[] {
  return [
    list(
      'Refused routes',
      refusedRoutes.map(
        ({ by, service, route, reason }) => `${route} for ${service} (at ${by}): it ${reason}`,
      ),
      paint,
    ),
    list(
      'Ports that are not published',
      unpublished.map(
        ({ balancer, service, port }) =>
          `${port} for ${service} (at ${balancer}): nobody outside the cluster's network reaches it; ` +
          `\`rollcall up --publish ${port}${clusterFlag(cluster)}\` makes the balancers anew, with it`,
      ),
      paint,
    ),
  ];
}

/** Lines under a heading; empty when there is none. */
export function list(heading: string, lines: readonly string[], paint: Paint): string {
  if (lines.length === 0) return '';
  return `${paint('yellow', heading)}\n${lines.map((line) => `  ${line}\n`).join('')}`;
}
