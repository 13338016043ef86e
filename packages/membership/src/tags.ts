import * as v from 'valibot';
import { complaint } from './complaint.ts';
import { MembershipError } from './errors.ts';
import { type Claim, DEFAULT_ROUTE, isMixed, parseRoute } from './route.ts';

export type BackendState = 'starting' | 'ready' | 'draining';

/** How a balancer finds out whether the app is well: an HTTP request for `path`, or a TCP connection. */
export type Check = { by: 'http'; path: string } | { by: 'tcp' };

/** The role of every node whose app takes requests. */
export const BACKEND = 'backend';

/** What an app's node says of itself. */
export interface BackendTags {
  role: typeof BACKEND;
  /** New at each start of the container: tells two lives of one name apart. */
  boot: string;
  /** The service that it is a server of. */
  service: string;
  /** Where the app listens, 1-65535. */
  port: number;
  state: BackendState;
  /** Its share of the traffic among its service's servers, 1-256. */
  weight: number;
  check: Check;
  /** What the service asks the balancers for, each route once; see `claimsOf` for when it is not said. */
  claims?: readonly Claim[];
}

/** What a node of any other role says of itself: `balancer`, `member`, ... */
export interface PlainTags {
  role: string;
  boot: string;
}

export type Tags = BackendTags | PlainTags;

export function isBackend(tags: Tags): tags is BackendTags {
  return tags.role === BACKEND;
}

/** What a backend's service asks for: a node that says nothing of it asks, since ever, for all requests. */
export function claimsOf({ claims }: Pick<BackendTags, 'claims'>): readonly Claim[] {
  return claims ?? [{ route: DEFAULT_ROUTE, since: 0 }];
}

/** Whether a node may say that this is its role: lower-case letters, digits and `-`, at most 32, a letter first. */
export function isRole(text: string): boolean {
  return ROLE.test(text);
}

/** Serf's limit (memberlist's MetaMaxSize): the tags of one node, encoded. */
const TAGS_LIMIT_BYTES = 512;

const VERSION = '1';

const word = (pattern: RegExp, what: string) => v.pipe(v.string(), v.regex(pattern, `must be ${what}`));
const decimal = (least: number, most: number) => {
  const message = `must be a whole number from ${least} to ${most}`;
  return v.pipe(
    v.string(),
    v.regex(/^[1-9][0-9]{0,5}$/, message),
    v.transform(Number),
    v.maxValue(most, message),
  );
};

// Nothing here may mean anything to HAProxy, to a shell or to a template: no blank, quote, brace, `#`, `$` or backslash.
const checkPath = v.pipe(
  word(/^\/[A-Za-z0-9/._~%?=&:@,;+-]*$/, 'a path of letters, digits and /._~%?=&:@,;+-'),
  v.check((path) => !path.split(/[/?]/).includes('..'), 'must be a path without ..'),
);

/** `SINCE:ROUTE,SINCE:ROUTE`, the time in ms since the epoch to base 36. */
const CLAIM = /^(0|[1-9a-z][0-9a-z]{0,8}):(.+)$/;
const wireClaims = v.pipe(
  v.string(),
  v.transform((text): readonly Claim[] | undefined => parseClaims(text)),
  v.check((claims) => claims !== undefined, 'must be routes, each after the time of its claim'),
  v.transform((claims) => claims ?? []),
);

const wireVersion = v.literal(VERSION, `must be ${VERSION}, the version this node understands`);
const ROLE = /^[a-z][a-z0-9-]{0,31}$/;
const wireRole = word(ROLE, 'a lower-case word');
const wireBoot = word(/^[0-9a-z]{1,32}$/, 'lower-case letters and digits');

const WirePlain = v.object({ v: wireVersion, role: wireRole, boot: wireBoot });

/** The tags as Serf carries them: short keys, as every byte counts. */
const WireBackend = v.object({
  v: wireVersion,
  role: v.literal(BACKEND),
  boot: wireBoot,
  svc: word(/^[A-Za-z0-9][A-Za-z0-9._-]{0,31}$/, 'a service name: letters, digits and ._-'),
  port: decimal(1, 65_535),
  state: v.picklist(['starting', 'ready', 'draining'], 'must be starting, ready or draining'),
  w: decimal(1, 256),
  chk: v.union(
    [v.literal('tcp'), checkPath],
    (issue) => issue.issues?.[0]?.message ?? 'must be a path or tcp',
  ),
  rt: v.exactOptional(wireClaims),
});

/**
 * The tags as Serf carries them: `v role boot`, and for a backend `svc port state w chk rt`.
 * Throws `TAGS_INVALID` when another node would refuse them, `TAGS_TOO_LONG` when they encode to over 512 bytes.
 */
export function encodeTags(tags: Tags): Record<string, string> {
  const raw = toWire(tags);
  const size = encodedSize(raw);
  if (size > TAGS_LIMIT_BYTES) {
    throw new MembershipError('TAGS_TOO_LONG', `The tags of role "${tags.role}" take ${size} bytes`);
  }
  const parsed = parseTags(raw);
  if ('refused' in parsed) throw new MembershipError('TAGS_INVALID', `Tags refused: ${parsed.refused}`);
  return raw;
}

/** Tags that any node at all may have sent, checked. Never throws: `refused` says what is wrong, in plain words. */
export function parseTags(raw: Record<string, unknown>): { tags: Tags } | { refused: string } {
  if (Object.keys(raw).length === 0) return { refused: 'it has not said its role yet' };
  if (raw['role'] !== BACKEND) {
    const plain = v.safeParse(WirePlain, raw);
    if (!plain.success) return { refused: complaint('tag', plain.issues[0]) };
    return { tags: { role: plain.output.role, boot: plain.output.boot } };
  }
  const backend = v.safeParse(WireBackend, raw);
  if (!backend.success) return { refused: complaint('tag', backend.issues[0]) };
  const { role, boot, svc, port, state, w, chk, rt } = backend.output;
  const check: Check = chk === 'tcp' ? { by: 'tcp' } : { by: 'http', path: chk };
  const claims = rt && { claims: rt };
  return { tags: { role, boot, service: svc, port, state, weight: w, check, ...claims } };
}

/** Undefined for what no node of this version would have said. */
function parseClaims(text: string): readonly Claim[] | undefined {
  const claims = text.split(',').flatMap((each): Claim[] => {
    const [, since = '', route = ''] = CLAIM.exec(each) ?? [];
    return parseRoute(route) === route ? [{ route, since: Number.parseInt(since, 36) }] : [];
  });
  const routes = claims.map(({ route }) => route);
  const isWhole = claims.length === text.split(',').length && new Set(routes).size === routes.length;
  return isWhole && !isMixed(routes) ? claims : undefined;
}

function toWire(tags: Tags): Record<string, string> {
  const { role, boot } = tags;
  if (!('service' in tags)) return { v: VERSION, role, boot };
  const chk = tags.check.by === 'tcp' ? 'tcp' : tags.check.path;
  return {
    v: VERSION,
    role,
    boot,
    svc: tags.service,
    port: String(tags.port),
    state: tags.state,
    w: String(tags.weight),
    chk,
    ...(tags.claims && {
      rt: tags.claims.map(({ route, since }) => `${since.toString(36)}:${route}`).join(','),
    }),
  };
}

/** Bytes of the tags as Serf encodes them: a magic byte, then a msgpack map of raw strings (no str8). */
function encodedSize(raw: Record<string, string>): number {
  const strings = Object.entries(raw).flat();
  const bytes = strings.map((text) => Buffer.byteLength(text)).map((size) => size + (size < 32 ? 1 : 3));
  return bytes.reduce((sum, size) => sum + size, 2);
}
