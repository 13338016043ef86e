import { createSocket } from 'node:dgram';
import { lookup } from 'node:dns/promises';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { networkInterfaces } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { DEFAULT_GOSSIP_PORT, parseSeed } from '@rollcall/membership';
import { HandlerError } from './errors.ts';

/** A resolver with nobody to ask takes 10 s and more to say so. */
const RESOLVE_LIMIT_MS = 2_000;

/**
 * The address of this node from which it reaches the seeds, where it has several networks to choose from; undefined
 * where it has one, or no seed is known yet: then it is that of its first interface.
 */
export async function addressTowards(seeds: readonly string[]): Promise<string | undefined> {
  const outside = Object.values(networkInterfaces()).filter((each) =>
    each?.some(({ internal }) => !internal),
  );
  if (outside.length < 2) return undefined;
  const over = new AbortController();
  const limit = sleep(RESOLVE_LIMIT_MS, undefined, { signal: over.signal }).catch(() => undefined);
  const found = seeds.map((seed) => sourceFor(parseSeed(seed, DEFAULT_GOSSIP_PORT).host));
  const first = await Promise.race([Promise.any(found).catch(() => undefined), limit]);
  over.abort();
  return first;
}

/** Nothing is sent: the kernel only chooses the way that it would take. */
async function sourceFor(host: string): Promise<string> {
  const { address, family } = await lookup(host);
  const socket = createSocket(family === 6 ? 'udp6' : 'udp4');
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
