import { createSocket } from 'node:dgram';
import { lookup } from 'node:dns/promises';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { networkInterfaces } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { DEFAULT_GOSSIP_PORT, parseSeed } from '@rollcall/membership';
import { HandlerError } from './errors.ts';

const ASK_EVERY_MS = 500;
/** For others to be started. A container with a restart policy begins anew after it. */
const LIMIT_MS = 60_000;
const LOOPBACK = /^127\./;

/**
 * One IPv4 address of this node for each network that others can reach it in; the agent speaks no other. A container
 * on a Swarm has one network more, for its way out: the engine writes the addresses of all but that into /etc/hosts.
 *
 * @param hosts the text of /etc/hosts
 */
export function ownAddresses(interfaces = networkInterfaces(), hosts = readHosts()): string[] {
  const outside = Object.values(interfaces).flatMap((each = []) => {
    const found = each.find(({ internal, family }) => !internal && family === 'IPv4');
    return found ? [found.address] : [];
  });
  const named = new Set(hosts.split('\n').map((line) => line.split(/\s/)[0]));
  const given = outside.filter((address) => named.has(address));
  return given.length > 0 ? given : outside;
}

function readHosts(): string {
  try {
    return readFileSync('/etc/hosts', 'utf8');
  } catch {
    return '';
  }
}

/**
 * The address of this node from which it reaches the first seed that is known. Seeds are asked for until one is:
 * what would be guessed before that holds for the node's whole life, and may lead nowhere.
 *
 * @param onWaiting called once when no seed is known yet
 * @throws HandlerError `BAD_CONFIGURATION` when none is after 60 s
 */
export async function addressTowards(
  seeds: readonly string[],
  onWaiting: () => void,
  limitMs = LIMIT_MS,
): Promise<string> {
  const over = new AbortController();
  const waiting = sleep(ASK_EVERY_MS, undefined, { signal: over.signal }).then(onWaiting, () => undefined);
  const limit = sleep(limitMs, undefined, { signal: over.signal }).catch(() => undefined);
  const found = seeds.map((seed) => untilKnown(parseSeed(seed, DEFAULT_GOSSIP_PORT).host, over.signal));
  const address = await Promise.race([...found, limit]);
  over.abort();
  await waiting;
  if (address !== undefined) return address;
  throw new HandlerError(
    'BAD_CONFIGURATION',
    `this container has several networks, and ${seeds.join(', ')} (ROLLCALL_JOIN) did not tell within ${limitMs / 1000} s in which the others are: no name was known, or only as this container itself. Start another node, or set ROLLCALL_ADVERTISE to the address of this container that the others reach`,
  );
}

async function untilKnown(host: string, signal: AbortSignal): Promise<string | undefined> {
  while (!signal.aborted) {
    const address = await sourceFor(host).catch(() => undefined);
    if (address !== undefined && !LOOPBACK.test(address)) return address;
    await sleep(ASK_EVERY_MS, undefined, { signal }).catch(() => undefined);
  }
  return undefined;
}

/** Nothing is sent: the kernel only chooses the way that it would take. */
async function sourceFor(host: string): Promise<string> {
  const { address } = await lookup(host, { family: 4 });
  const socket = createSocket('udp4');
  try {
    socket.connect(DEFAULT_GOSSIP_PORT, address);
    await once(socket, 'connect');
    return socket.address().address;
  } finally {
    socket.close();
  }
}

/**
 * A node that shares its network with others may find the gossip port taken.
 *
 * @throws HandlerError `BAD_CONFIGURATION`
 */
export async function requireFree(gossipPort: number): Promise<void> {
  const server = createServer();
  try {
    await once(server.listen({ host: '0.0.0.0', port: gossipPort }), 'listening');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const why = code === 'EADDRINUSE' ? 'another program has it in the network of this container' : message;
    throw new HandlerError(
      'BAD_CONFIGURATION',
      `the gossip port ${gossipPort} cannot be used: ${why}; choose another with ROLLCALL_GOSSIP_PORT, and name the port of the others in ROLLCALL_JOIN, as in rollcall:${DEFAULT_GOSSIP_PORT}`,
      { cause: error },
    );
  } finally {
    server.close();
  }
}
