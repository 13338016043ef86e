import { type ConfigOf, HandlerError, integer, parsed } from '@rollcall/handler';
import {
  type BackendTags,
  type Check,
  DEFAULT_ROUTE,
  encodeTags,
  isMembershipError,
  parseRoutes,
  type Route,
} from '@rollcall/membership';

/** The rest of the tags' 512 bytes is for the routes: 264 of them beside the longest values. */
const CHECK_LENGTH_MAX = 128;

/** The variables of a backend, beside those of every image; `defaults` are those of its type. */
export function backendVariables(defaults: { readonly port: number; readonly check: string }) {
  return {
    port: integer({
      name: 'ROLLCALL_PORT',
      about: "The port on which the app listens, on all of the container's addresses",
      fallback: defaults.port,
      min: 1,
      max: 65_535,
    }),
    check: parsed<Check>({
      name: 'ROLLCALL_CHECK',
      about: 'How to tell that the app is ready: a path that is answered with 2xx or 3xx, or `tcp`',
      fallback: defaultCheck(defaults.check),
      allowed: `tcp, or a path of letters, digits and /._~%?=&:@,;+- that begins with /, at most ${CHECK_LENGTH_MAX}`,
      parse: parseCheck,
    }),
    weight: integer({
      name: 'ROLLCALL_WEIGHT',
      about: "The node's share of the traffic among the nodes of its service",
      fallback: 100,
      min: 1,
      max: 256,
    }),
    service: parsed<string>({
      name: 'ROLLCALL_SERVICE',
      about: 'The service that the app is a server of',
      fallback: 'web',
      allowed: 'letters, digits, ".", "_" and "-", at most 32, a letter or digit first',
      parse: (text) => fitting('service', text),
    }),
    routes: parsed<readonly Route[]>({
      name: 'ROLLCALL_ROUTE',
      about: 'What the balancers send to the service: hosts, paths or TCP ports',
      fallback: [DEFAULT_ROUTE],
      allowed:
        'a list, separated by commas, of host, host/path and /path, or of tcp:PORT alone, that fits into 264 bytes of ' +
        "the node's tags, where each route takes its own length and 10 more",
      parse: parseFittingRoutes,
    }),
  };
}

export type BackendVariables = ReturnType<typeof backendVariables>;
export type BackendConfig = ConfigOf<BackendVariables>;

function parseCheck(text: string): Check | undefined {
  if (text.length > CHECK_LENGTH_MAX) return undefined;
  return fitting('check', text === 'tcp' ? { by: 'tcp' } : { by: 'http', path: text });
}

function parseFittingRoutes(text: string): readonly Route[] | undefined {
  const routes = parseRoutes(text);
  const claims = routes?.map((route) => ({ route, since: LONGEST_TIME }));
  return claims && fitting('claims', claims) ? routes : undefined;
}

function defaultCheck(text: string): Check {
  const check = parseCheck(text);
  if (check) return check;
  throw new HandlerError('BAD_ROLE', `the check ${JSON.stringify(text)} is neither a path nor "tcp"`);
}

/** ms since the epoch: takes as many letters as any time until 2059. */
const LONGEST_TIME = Date.UTC(2059);

/** Tags as long as they get, but for the one that is tried. */
const LONGEST: BackendTags = {
  role: 'backend',
  boot: '0123456789ab',
  service: 's'.repeat(32),
  port: 65_535,
  state: 'starting',
  weight: 256,
  check: { by: 'http', path: `/${'c'.repeat(CHECK_LENGTH_MAX - 1)}` },
};

/** The value when it may be announced: what a tag may hold is for @rollcall/membership to say. */
function fitting<Tag extends 'check' | 'service' | 'claims'>(
  tag: Tag,
  value: BackendTags[Tag],
): BackendTags[Tag] | undefined {
  try {
    encodeTags({ ...LONGEST, [tag]: value });
    return value;
  } catch (error) {
    if (isMembershipError(error)) return undefined;
    throw error;
  }
}
