import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { hostname } from 'node:os';
import { type Collector, parseCollector } from '@rollcall/log-shipping';
import { DEFAULT_GOSSIP_PORT, isNodeName, parseGossipKey, parseSeed } from '@rollcall/membership';
import { HandlerError } from './errors.ts';
import { DEFAULT_GOSSIP_KEY_FILE } from './paths.ts';
import { type ConfigOf, integer, oneOf, parsed } from './variable.ts';

/** The variables that every image has. */
export const settings = {
  node: parsed<string>({
    name: 'ROLLCALL_NODE',
    about: "The node's name, unique in the cluster",
    fallback: hostname(),
    allowed: 'letters, digits, ".", "_" and "-", at most 63, a letter or digit first',
    parse: (text) => (isNodeName(text) ? text : undefined),
  }),
  join: parsed<readonly string[]>({
    name: 'ROLLCALL_JOIN',
    about: 'Nodes or DNS names to join through, separated by commas; any that is up will do',
    fallback: ['rollcall'],
    allowed: 'names or addresses, each with an optional :port, separated by commas',
    parse: parseSeeds,
  }),
  advertise: parsed<string | undefined>({
    name: 'ROLLCALL_ADVERTISE',
    about: "Where others reach this node's agent, when it is not the address from which it reaches them",
    fallback: undefined,
    allowed: 'an IP address with an optional :port ([v6]:port)',
    parse: (text) => (isAddress(text) ? text : undefined),
  }),
  gossipPort: integer({
    name: 'ROLLCALL_GOSSIP_PORT',
    about: "The agent's port, TCP and UDP",
    fallback: DEFAULT_GOSSIP_PORT,
    min: 1,
    max: 65535,
  }),
  gossipKey: parsed<string | undefined>({
    name: 'ROLLCALL_GOSSIP_KEY',
    about: `The key that encrypts gossip; without it the file ${DEFAULT_GOSSIP_KEY_FILE}, without that no encryption`,
    fallback: undefined,
    allowed: '16, 24 or 32 bytes in base64',
    secret: true,
    parse: parseKey,
  }),
  logLevel: oneOf({
    name: 'ROLLCALL_LOG_LEVEL',
    about: "How much the node's own parts log",
    fallback: 'info',
    words: ['error', 'warn', 'info', 'debug'],
  }),
  syslog: parsed<Collector | undefined>({
    name: 'ROLLCALL_SYSLOG',
    about: 'Where the logs of all services are sent to as well, as syslog over TCP; none when unset',
    fallback: undefined,
    allowed: 'tcp://HOST or tcp://HOST:PORT',
    parse: parseCollector,
  }),
  syslogBufferMb: integer({
    name: 'ROLLCALL_SYSLOG_BUFFER_MB',
    about: 'The most that is kept on disk for a collector that is away, in megabytes (10^6 bytes)',
    fallback: 16,
    min: 1,
    max: 1000,
  }),
  drainSeconds: integer({
    name: 'ROLLCALL_DRAIN_SECONDS',
    about:
      'How long a node that stops waits for its requests in flight; give the container 5 s more (`docker stop -t`)',
    fallback: 5,
    min: 0,
    max: 86_400,
  }),
};

export type Settings = ConfigOf<typeof settings>;

/**
 * The gossip key: from its variable, else from the well-known file; undefined where neither is.
 *
 * @throws HandlerError `BAD_CONFIGURATION` when the file cannot be read or does not hold a key.
 */
export function gossipKey(given: string | undefined, file = DEFAULT_GOSSIP_KEY_FILE): string | undefined {
  if (given !== undefined) return given;
  try {
    return parseGossipKey(readFileSync(file, 'utf8'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new HandlerError('BAD_CONFIGURATION', `${file}: ${(error as Error).message}`, { cause: error });
  }
}

function parseKey(text: string): string | undefined {
  try {
    return parseGossipKey(text);
  } catch {
    return undefined;
  }
}

function parseSeeds(text: string): readonly string[] | undefined {
  const seeds = text.split(',').map((seed) => seed.trim());
  try {
    for (const seed of seeds) parseSeed(seed, DEFAULT_GOSSIP_PORT);
    return seeds;
  } catch {
    return undefined;
  }
}

function isAddress(text: string): boolean {
  const { host, port } = splitEndpoint(text);
  return isIP(host) !== 0 && (port === undefined || isPort(port));
}

/** Takes `v4`, `v4:port`, `v6` and `[v6]:port` apart. */
function splitEndpoint(text: string): { host: string; port: string | undefined } {
  if (text.includes(':') && isIP(text) === 6) return { host: text, port: undefined };
  const bracketed = /^\[([^\]]+)\](?::(.+))?$/.exec(text);
  const plain = /^([^:]*)(?::(.+))?$/.exec(text);
  const [, host = '', port] = bracketed ?? plain ?? [];
  return { host, port };
}

function isPort(text: string): boolean {
  return /^\d{1,5}$/.test(text) && Number(text) >= 1 && Number(text) <= 65_535;
}
