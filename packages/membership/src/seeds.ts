import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { gossipAddress } from './address.ts';
import { MembershipError } from './errors.ts';

/** Where a node may be found that is in the room already: an IP address, or a name that stands for any number of them. */
export interface Seed {
  host: string;
  port: number;
}

const HOST_NAME = /^[A-Za-z0-9_]([A-Za-z0-9._-]{0,252})$/;

/** `host`, `host:port`, `[IPv6]`, `[IPv6]:port` or a bare IPv6 address. Throws `SEED_INVALID`. */
export function parseSeed(text: string, defaultPort: number): Seed {
  // Node's isIP takes some 10 ms the first time, which is most of the time a name's.
  if (text.includes(':') && isIP(text) === 6) return { host: text, port: defaultPort };
  const [, bracketed, plain, port] = /^(?:\[([^\]]+)\]|([^:[\]]+))(?::(\d{1,5}))?$/.exec(text) ?? [];
  const host = bracketed ?? plain ?? '';
  const number = port === undefined ? defaultPort : Number(port);
  const known = bracketed === undefined ? HOST_NAME.test(host) : isIP(host) === 6;
  if (!known || number < 1 || number > 65_535) {
    throw new MembershipError('SEED_INVALID', `The seed ${JSON.stringify(text)} is no address`);
  }
  return { host, port: number };
}

/** All addresses of all seeds, as `join` takes them; those that do not resolve within `limitMs` are left out. */
export async function resolveSeeds(seeds: readonly Seed[], limitMs: number): Promise<string[]> {
  const resolved = await Promise.all(seeds.map((seed) => resolveSeed(seed, limitMs)));
  return [...new Set(resolved.flat())];
}

async function resolveSeed({ host, port }: Seed, limitMs: number): Promise<string[]> {
  // A resolver with nobody to ask takes 10 s and more to say so, and cannot be interrupted.
  const limit = new Promise<[]>((resolve) => {
    setTimeout(resolve, limitMs, []).unref();
  });
  const found = await Promise.race([lookup(host, { all: true, verbatim: true }).catch(() => []), limit]);
  return found.map(({ address }) => gossipAddress(address, port));
}
