/** IPv4 networks as numbers, and the choice of one for a private engine. Nothing here touches the machine. */
import { EngineError } from './errors.ts';

export interface Subnet {
  /** The network address as an unsigned 32-bit number. */
  address: number;
  /** 0 to 32. */
  length: number;
}

export function parseSubnet(text: string): Subnet | undefined {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})(?:\/(\d{1,2}))?$/.exec(text);
  if (!match) return undefined;
  const bytes = match.slice(1, 5).map(Number);
  const length = Number(match[5] ?? 32);
  if (bytes.some((byte) => byte > 255) || length > 32) return undefined;
  return { address: bytes.reduce((sum, byte) => sum * 256 + byte, 0), length };
}

export function overlap(a: Subnet, b: Subnet): boolean {
  const size = 2 ** (32 - Math.min(a.length, b.length));
  return Math.floor(a.address / size) === Math.floor(b.address / size);
}

/** The destinations in /proc/net/route (little-endian hex), without default routes. */
export function parseRoutes(procNetRoute: string): Subnet[] {
  return procNetRoute
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => line.split('\t'))
    .map(([, destination = '', , , , , , mask = '']) => ({
      address: fromLittleEndian(destination),
      length: bitsIn(fromLittleEndian(mask)),
    }))
    .filter((route) => route.length > 0);
}

function fromLittleEndian(hex: string): number {
  return Buffer.from(hex, 'hex').readUInt32LE();
}

function bitsIn(mask: number): number {
  return mask.toString(2).replaceAll('0', '').length;
}

/** The IPv4 name servers in a resolv.conf: reached by the default route, so that no route tells of them. */
export function parseNameServers(resolvConf: string): Subnet[] {
  return [...resolvConf.matchAll(/^\s*nameserver\s+(\S+)/gm)].flatMap(
    ([, server = '']) => parseSubnet(server) ?? [],
  );
}

/** The line with the default route in /proc/net/route names the interface to the outside. */
export function defaultInterface(procNetRoute: string): string | undefined {
  const lines = procNetRoute.trim().split('\n').slice(1);
  return lines
    .map((line) => line.split('\t'))
    .find((fields) => fields[1] === '00000000' && fields[7] === '00000000')?.[0];
}

/** 10.64.0.0/16 to 10.254.0.0/16: low numbers are what offices and clouds use. */
const firstPool = 64;
const poolCount = 191;

/**
 * The /16 that a private engine gives its networks addresses from: the remembered one while it is free, else one
 * picked by the engine's id, so that engines on one machine rarely want the same.
 * @throws EngineError NO_ADDRESSES where all are taken.
 */
export function choosePool(id: string, taken: readonly Subnet[], remembered?: string): string {
  const first = Number.parseInt(id, 16);
  const byId = Array.from({ length: poolCount }, (_, step) => firstPool + ((first + step) % poolCount));
  const pools = [
    ...(remembered === undefined ? [] : [remembered]),
    ...byId.map((byte) => `10.${byte}.0.0/16`),
  ];
  const free = pools.find((pool) => {
    const subnet = parseSubnet(pool);
    return subnet !== undefined && !taken.some((other) => overlap(subnet, other));
  });
  if (free !== undefined) return free;
  throw new EngineError(
    'NO_ADDRESSES',
    "No free /16 between 10.64.0.0 and 10.254.255.255 is left for a private engine's networks: " +
      "this machine's routes cover them all. Use another engine: start it and set DOCKER_HOST.",
  );
}

/** `10.77.0.0/16` -> `10.77.0.1/24`, the default bridge's own address; later networks get the following /24s. */
export function bridgeAddress(pool: string): string {
  return pool.replace(/\.0\.0\/16$/, '.0.1/24');
}
