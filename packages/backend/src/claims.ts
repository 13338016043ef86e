import { type Claim, claimsOf, isBackend, type Member, type Route, type View } from '@rollcall/membership';

/** When this process began: a node's claims are as old as its first handler. */
const STARTED_AT = Math.round(performance.timeOrigin);

/** @param before those of the handler before this one, in this start of the container */
export function ownClaims(routes: readonly Route[], before: readonly Claim[] = []): readonly Claim[] {
  const known = new Map(before.map(({ route, since }) => [route, since]));
  return routes.map((route) => ({ route, since: known.get(route) ?? STARTED_AT }));
}

/** Those of a node that had yielded its routes: as young as this moment. */
export function newClaims(routes: readonly Route[]): readonly Claim[] {
  const since = Date.now();
  return routes.map((route) => ({ route, since }));
}

/** The node whose claims are to be as old as its service's. */
export interface Claimant {
  readonly name: string;
  readonly service: string;
  /** It was drained since it started, and its service may have lost the routes meanwhile. */
  readonly hasYielded: boolean;
}

/**
 * What a node asks for, as old as its service's own claims: one that comes takes over the times of those who are there, so
 * that a rolling update leaves the service as old as it is. Those who failed may have lost the route to another service by
 * now, and tell no age; nor do those who drain to one that has yielded like them.
 *
 * @param claims the node's own, so far
 */
export function agedClaims(claims: readonly Claim[], self: Claimant, { members }: View): readonly Claim[] {
  const oldest = new Map<Route, number>();
  for (const { route, since } of members.flatMap((member) => claimsIn(member, self))) {
    oldest.set(route, Math.min(since, oldest.get(route) ?? since));
  }
  return claims.map(({ route, since }) => ({ route, since: Math.min(since, oldest.get(route) ?? since) }));
}

function claimsIn(member: Member, { name, service, hasYielded }: Claimant): readonly Claim[] {
  if (member.name === name || member.status !== 'alive' || 'refused' in member) return [];
  const { tags } = member;
  if (!isBackend(tags) || tags.service !== service) return [];
  return hasYielded && tags.state === 'draining' ? [] : claimsOf(tags);
}
