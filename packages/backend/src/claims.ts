import { type Claim, claimsOf, isBackend, type Member, type Route, type View } from '@rollcall/membership';

/** When this process began: a node's claims are as old as its first handler. */
const STARTED_AT = Math.round(performance.timeOrigin);

/** @param before those of the handler before this one, in this start of the container */
export function ownClaims(routes: readonly Route[], before: readonly Claim[] = []): readonly Claim[] {
  const known = new Map(before.map(({ route, since }) => [route, since]));
  return routes.map((route) => ({ route, since: known.get(route) ?? STARTED_AT }));
}

/**
 * What a node asks for, as old as its service's own claims: one that comes takes over the times of those who are there, so
 * that a rolling update leaves the service as old as it is.
 *
 * @param claims the node's own, so far
 */
export function agedClaims(claims: readonly Claim[], service: string, view: View): readonly Claim[] {
  const oldest = new Map<Route, number>();
  for (const { route, since } of view.members.flatMap((member) => claimsIn(member, service))) {
    oldest.set(route, Math.min(since, oldest.get(route) ?? since));
  }
  return claims.map(({ route, since }) => ({ route, since: Math.min(since, oldest.get(route) ?? since) }));
}

function claimsIn(member: Member, service: string): readonly Claim[] {
  if (member.status === 'left' || 'refused' in member) return [];
  const { tags } = member;
  return isBackend(tags) && tags.service === service ? claimsOf(tags) : [];
}
