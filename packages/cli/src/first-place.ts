import type { FoundContainer, Published } from './cluster.ts';
import { balancerName } from './names.ts';

export const USUAL_PLACE = { bind: '127.0.0.1', http: 8080, stats: 1936 };

/** What is said of where the first balancer is reached; what is not said stays as it was. */
export interface PlaceSaid {
  readonly bind: string | undefined;
  readonly http: number | undefined;
  readonly stats: number | undefined;
  /** Ports of routes by TCP, beside those that are published already. */
  readonly publish: readonly number[] | undefined;
}

/**
 * Where the first balancer is published. Another port for a route replaces it, so without --publish the ports of
 * routes are only published where it is made.
 *
 * @param routed ports of the routes by TCP that are spoken of
 */
export function firstPlace(
  said: PlaceSaid,
  routed: readonly number[],
  balancers: readonly FoundContainer[],
): Published {
  const first = balancers.find(({ node }) => node === balancerName(0));
  const before = first?.spec?.published;
  const more = said.publish ?? (first ? [] : routed);
  const tcp = { ...before?.tcp, ...Object.fromEntries(more.map((port) => [port, port])) };
  return {
    bind: said.bind ?? before?.bind ?? USUAL_PLACE.bind,
    http: said.http ?? before?.http ?? USUAL_PLACE.http,
    stats: said.stats ?? before?.stats ?? USUAL_PLACE.stats,
    ...(Object.keys(tcp).length > 0 && { tcp }),
  };
}
