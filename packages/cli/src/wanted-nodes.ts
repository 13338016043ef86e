import type { Environment, FoundContainer } from './cluster.ts';
import { currentPrefix, newestNode, nodesOf, servicesOf, specFrom } from './make-of.ts';
import type { WantedNodes } from './plan.ts';
import { DEFAULT_SERVICE } from './service-variables.ts';

/** What is said of a service's nodes; what is not said stays as it was. */
export interface NodesSaid {
  readonly nodes?: number | undefined;
  readonly image?: string | undefined;
  readonly env?: Environment | undefined;
  readonly routes?: readonly string[] | undefined;
  readonly prefix?: string | undefined;
}

/** Of a service that is new. */
export const USUAL_NODES = { count: 2, image: 'rollcall/webapp' };

/**
 * The services that are spoken of: the one that is named, else web where anything is said that only one service can
 * have, else all there are.
 */
export function servicesMeant(
  named: string | undefined,
  said: NodesSaid,
  containers: readonly FoundContainer[],
): string[] {
  if (named !== undefined) return [named];
  const there = servicesOf(containers);
  const saysOne = Object.values(said).some((value) => value !== undefined);
  return saysOne || there.length === 0 ? [DEFAULT_SERVICE] : there;
}

/** The nodes that a service should have, but for the id of their image. */
export function wantedNodes(
  service: string,
  said: NodesSaid,
  containers: readonly FoundContainer[],
): Pick<WantedNodes, 'service' | 'count' | 'prefix' | 'spec'> {
  const before = newestNode(containers, service)?.spec;
  const routes = said.routes ?? before?.routes;
  return {
    service,
    count: said.nodes ?? (nodesOf(containers, service).length || USUAL_NODES.count),
    prefix: said.prefix ?? currentPrefix(containers, service),
    spec: { ...specFrom(said, before, USUAL_NODES.image), service, ...(routes && { routes }) },
  };
}
