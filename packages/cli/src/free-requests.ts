import { DEFAULT_ROUTE, type Route } from '@rollcall/membership';
import { viewOf } from './balancer-view.ts';
import { type FoundContainer, isLive } from './cluster.ts';
import type { Engine } from './engine.ts';
import { CliError } from './errors.ts';
import { nodesOf } from './make-of.ts';
import { readStatuses } from './node-status.ts';
import type { WantedNodes } from './plan.ts';
import { routesVariable } from './service-variables.ts';
import type { Views } from './services.ts';

/**
 * Refuses a new service that would ask for all requests for want of a route, where another one has them: its nodes would
 * come, and get nothing. With `--route /` it waits for them on purpose.
 *
 * @throws CliError `ROUTE_REFUSED`
 */
export async function checkFreeRequests(
  services: readonly WantedNodes[],
  containers: readonly FoundContainer[],
  engine: Engine,
): Promise<void> {
  for (const { service, count, spec } of services) {
    const isNew = count > 0 && nodesOf(containers, service).length === 0;
    if (!isNew || spec.routes || !asksForAll(await engine.imageVariables(spec.image))) continue;
    const holder = whoHas(DEFAULT_ROUTE, await viewsOf(containers, engine));
    if (holder === undefined || holder === service) continue;
    throw new CliError(
      'ROUTE_REFUSED',
      `nothing is said of what ${service} is reached by, and all requests go to ${holder} already`,
      {
        advice: `Say it with --route HOST, HOST/PATH, /PATH or tcp:PORT, such as --route ${service}.example.com.`,
      },
    );
  }
}

/** What the image itself says of the routes is all that is said. */
function asksForAll({ [routesVariable.name]: said = '' }: Readonly<Record<string, string>>): boolean {
  const routes = routesVariable.parse(said) ?? routesVariable.fallback;
  return routes.every((route) => route === DEFAULT_ROUTE);
}

async function viewsOf(containers: readonly FoundContainer[], engine: Engine): Promise<Views> {
  const balancers = containers.filter((each) => each.role === 'balancer' && isLive(each));
  const statuses = await readStatuses(engine, balancers);
  return new Map([...statuses].map(([balancer, status]) => [balancer, viewOf(status)]));
}

/** The service that a route leads to at any balancer. */
function whoHas(wanted: Route, views: Views): string | undefined {
  const services = [...views.values()].flatMap((view) => view?.services ?? []);
  return services.find(({ routes }) => routes.includes(wanted))?.service;
}
