import { type BackendTags, isBackend, type Member, type View } from '@rollcall/membership';
import { endpoint, type Registered } from './server.ts';

/** A member that is alive and says that it is a server. */
export interface Candidate {
  readonly name: string;
  readonly address: string;
  readonly tags: BackendTags;
}

/** A member that is not looked at, and why, in words that follow its name. */
export interface Refusal {
  readonly name: string;
  readonly reason: string;
}

/** The balancer itself: members that would send it its own requests are refused. */
export interface Own {
  readonly name: string;
  readonly ports: readonly number[];
}

/**
 * Whom the roster is made of: members alone are looked at here, each by itself but for claims to the same place. `places`
 * tells who has which, by `endpoint`.
 */
export function candidatesOf(
  { members }: View,
  previous: readonly Registered[],
  own: Own,
): { candidates: ReadonlyMap<string, Candidate>; places: ReadonlyMap<string, string>; refused: Refusal[] } {
  const refused = members.flatMap((member) =>
    'refused' in member && member.status === 'alive' ? [{ name: member.name, reason: member.refused }] : [],
  );
  const ownAddress = members.find(({ name }) => name === own.name)?.address;
  const claimants = new Map<string, Candidate[]>();
  for (const candidate of members.flatMap(asCandidate)) {
    const place = endpoint({ address: candidate.address, port: candidate.tags.port });
    const others = claimants.get(place);
    if (others) others.push(candidate);
    else claimants.set(place, [candidate]);
  }
  const candidates = new Map<string, Candidate>();
  const places = new Map<string, string>();
  for (const [place, some] of claimants) {
    const [holder, ...others] = some.length > 1 ? some.sort(bySeniority(previous)) : some;
    if (!holder) continue;
    if (isOwnPlace(holder, ownAddress, own.ports)) {
      const reason = `${place} is a port of this balancer itself`;
      refused.push(...some.map(({ name }) => ({ name, reason })));
      continue;
    }
    candidates.set(holder.name, holder);
    places.set(place, holder.name);
    const reason = `${place} is the place of ${holder.name} already`;
    refused.push(...others.map(({ name }) => ({ name, reason })));
  }
  return { candidates, places, refused };
}

function asCandidate(member: Member): Candidate[] {
  if (member.status !== 'alive' || 'refused' in member) return [];
  const { name, address, tags } = member;
  return isBackend(tags) ? [{ name, address, tags }] : [];
}

/** Who serves at a place already keeps it; then who is ready; then by name, the same on every balancer. */
function bySeniority(previous: readonly Registered[]): (a: Candidate, b: Candidate) => number {
  const known = new Map(previous.map((server) => [server.name, server]));
  const since = ({ name, address, tags }: Candidate) => {
    const server = known.get(name);
    const isSame = server?.boot === tags.boot && server.address === address && server.port === tags.port;
    return isSame ? server.since : Number.MAX_SAFE_INTEGER;
  };
  const isReady = ({ tags }: Candidate) => Number(tags.state === 'ready');
  return (a, b) => since(a) - since(b) || isReady(b) - isReady(a) || (a.name < b.name ? -1 : 1);
}

function isOwnPlace(
  { address, tags }: Candidate,
  ownAddress: string | undefined,
  ports: readonly number[],
): boolean {
  const isHere = address === ownAddress || address === '::1' || address.startsWith('127.');
  return isHere && ports.includes(tags.port);
}
