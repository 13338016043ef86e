import { claimsOf, type Member, type View } from '@rollcall/membership';
import { type Candidate, candidatesOf, type Own, type Refusal } from './candidates.ts';
import type { Drains } from './drains.ts';
import { backendFor, endpoint, type Mode, type Registered } from './server.ts';
import { mayServe, settleSuspects } from './suspects.ts';

/** What the roster is made from. */
export interface RosterQuestion {
  readonly previous: readonly Registered[];
  /** Without one, or with an empty one, nobody goes. */
  readonly view: View | undefined;
  /** What HAProxy's own checks find, by `keyOf` a server; undefined while HAProxy does not answer. */
  readonly up: ReadonlyMap<string, boolean> | undefined;
  /** They found it just now: only then are suspects judged by it. */
  readonly isFresh: boolean;
  /** Those in force. */
  readonly drains: Drains;
  /** By `steadyNow`. */
  readonly now: number;
  readonly failedGraceMs: number;
  readonly own: Own;
}

/** Who should be in the backends. */
export interface Roster {
  /** Sorted by name. */
  readonly servers: readonly Registered[];
  readonly refused: readonly Refusal[];
  /** Who was on the previous roster and is not on this one, and why. */
  readonly gone: readonly { readonly name: string; readonly cause: string }[];
}

type Verdict = { readonly keep: Registered } | { readonly suspect: string } | { readonly gone: string };

/**
 * Who should be in the backends now, from who was, who is in the room and what HAProxy's checks find. Pure; the order in
 * which news arrived makes no difference.
 */
export function nextRoster(question: RosterQuestion): Roster {
  const { previous, view, drains, now } = question;
  if (!view || view.members.length === 0) {
    return { servers: previous.map((server) => drained(server, drains)), refused: [], gone: [] };
  }
  const members = new Map(view.members.map((member) => [member.name, member]));
  const { candidates, places, refused } = candidatesOf(view, previous, question.own);

  const kept: Registered[] = [];
  const suspects: Registered[] = [];
  const gone: { name: string; cause: string }[] = [];
  for (const server of previous) {
    const verdict = judge(server, members.get(server.name), candidates.get(server.name), question);
    const heir = places.get(endpoint(server));
    if ('keep' in verdict) kept.push(verdict.keep);
    else if ('gone' in verdict) gone.push({ name: server.name, cause: verdict.gone });
    else if (heir !== undefined && heir !== server.name) {
      gone.push({ name: server.name, cause: `${verdict.suspect}, and ${heir} is at its address now` });
    } else {
      const suspect = { ...server, cause: verdict.suspect, suspectSince: server.suspectSince ?? now };
      suspects.push(drained(suspect, drains));
    }
  }
  const known = new Set(previous.map(({ name }) => name));
  for (const candidate of candidates.values()) {
    if (known.has(candidate.name) || candidate.tags.state !== 'ready') continue;
    kept.push(registered(candidate, now, drains));
  }
  // More than half of all: likelier that this node is cut off than that so many have failed.
  const isMassFailure = suspects.length > (suspects.length + kept.length) / 2;
  const others = byBackend(kept);
  const served = new Set(kept.filter((each) => mayServe(each, question.up)).map(({ backend }) => backend));
  const doubtful = byBackend(suspects);
  const servers: Registered[] = [];
  for (const backend of new Set([...others.keys(), ...doubtful.keys()])) {
    const sure = others.get(backend) ?? [];
    const isServedElsewhere = served.size > Number(served.has(backend));
    const at = { ...question, isMassFailure, isServedElsewhere };
    const some = doubtful.get(backend) ?? [];
    const settled = question.isFresh ? settleSuspects(some, sure, at) : { kept: some, gone: [] };
    servers.push(...failOpen([...sure, ...settled.kept], candidates, question));
    gone.push(...settled.gone);
  }
  servers.sort((a, b) => (a.name < b.name ? -1 : 1));
  return { servers, refused, gone };
}

function byBackend(servers: readonly Registered[]): Map<string, Registered[]> {
  const groups = new Map<string, Registered[]>();
  for (const server of servers) {
    const group = groups.get(server.backend);
    if (group) group.push(server);
    else groups.set(server.backend, [server]);
  }
  return groups;
}

/**
 * When nobody of a backend is left in rotation, those stay that only fail their own check: on a busy machine all do at once, and an app
 * that answers slowly is better than none (AWS calls it fail-open, Envoy the panic threshold).
 */
function failOpen(
  servers: readonly Registered[],
  candidates: ReadonlyMap<string, Candidate>,
  { drains, up }: RosterQuestion,
): Registered[] {
  if (servers.some((server) => mayServe(server, up))) return [...servers];
  return servers.map((server) => {
    const { name, boot } = server;
    const isUnready = candidates.get(name)?.tags.state === 'starting' && drains.get(name)?.boot !== boot;
    return isUnready
      ? { ...server, mode: 'ready', cause: 'does not pass its own check, but no other does' }
      : server;
  });
}

function judge(
  server: Registered,
  member: Member | undefined,
  candidate: Candidate | undefined,
  { now, drains }: RosterQuestion,
): Verdict {
  if (candidate) return judgeCandidate(server, candidate, now, drains);
  // A node that was served and whose word can no longer be read or had is not taken for gone because of that.
  if (!member) return { suspect: "is unknown to this node's agent" };
  if ('refused' in member) return { suspect: `says what is refused: ${member.refused}` };
  switch (member.status) {
    case 'failed':
      return { suspect: 'does not answer the other nodes' };
    case 'leaving':
      return { keep: { ...withoutSuspicion(server), mode: 'maint', cause: 'is leaving' } };
    case 'left':
      return { gone: 'has left' };
    case 'alive':
      return { gone: 'is no server any more' };
  }
}

function judgeCandidate(server: Registered, candidate: Candidate, now: number, drains: Drains): Verdict {
  const { tags } = candidate;
  if (tags.boot !== server.boot) {
    if (tags.state === 'ready') return { keep: registered(candidate, now, drains) };
    return { gone: 'has started anew and is not ready yet' };
  }
  return {
    keep: isAsItWas(server, candidate, drains) ? server : registered(candidate, server.since, drains),
  };
}

/** Most are, and what is the same object need not be compared any further. */
function isAsItWas(server: Registered, candidate: Candidate, drains: Drains): boolean {
  const { address, tags } = candidate;
  const { mode, cause } = modeOf(candidate, drains);
  const claims = claimsOf(tags);
  return (
    server.suspectSince === undefined &&
    server.mode === mode &&
    server.cause === cause &&
    server.address === address &&
    server.port === tags.port &&
    server.weight === tags.weight &&
    server.service === tags.service &&
    server.claims.length === claims.length &&
    server.claims.every(({ route, since }, index) => {
      const claim = claims[index];
      return claim?.route === route && claim.since === since;
    })
  );
}

function registered(candidate: Candidate, since: number, drains: Drains): Registered {
  const { name, address, tags } = candidate;
  const { port, weight, boot, service } = tags;
  const claims = claimsOf(tags);
  const backend = backendFor(service, claims);
  const { mode, cause } = modeOf(candidate, drains);
  return { name, backend, service, claims, address, port, weight, boot, since, mode, cause };
}

function modeOf({ name, tags }: Candidate, drains: Drains): { mode: Mode; cause: string } {
  if (tags.state === 'starting') return { mode: 'maint', cause: 'does not pass its own check any more' };
  if (tags.state === 'draining') return { mode: 'maint', cause: 'says that it is draining' };
  if (drains.get(name)?.boot === tags.boot) return { mode: 'maint', cause: 'asked to be drained' };
  return { mode: 'ready', cause: 'says that it is ready' };
}

function drained(server: Registered, drains: Drains): Registered {
  if (drains.get(server.name)?.boot !== server.boot) return server;
  return { ...server, mode: 'maint', cause: 'asked to be drained' };
}

function withoutSuspicion({ suspectSince: _, ...server }: Registered): Registered {
  return server;
}
