import type { MemberRecord } from './wire.ts';

const V4_MAPPED = '00000000000000000000ffff';

/** The IP literal of an address as the agent gives it, 4 or 16 bytes; undefined for any other number of bytes. */
export function ipLiteral(bytes: Uint8Array): string | undefined {
  if (bytes.length === 4) return bytes.join('.');
  if (bytes.length !== 16) return undefined;
  const hex = Buffer.from(bytes).toString('hex');
  if (hex.startsWith(V4_MAPPED)) return bytes.slice(12).join('.');
  // URL writes IPv6 in its canonical form (RFC 5952).
  const { hostname } = new URL(`http://[${hex.match(/.{4}/g)?.join(':')}]`);
  return hostname.slice(1, -1);
}

/** `ip:port` or `[ip]:port`: an address as `join` takes it. */
export function gossipAddress(ip: string, port: number): string {
  return ip.includes(':') ? `[${ip}]:${port}` : `${ip}:${port}`;
}

/** Where a member listens for gossip. */
export function gossipAddressOf(record: MemberRecord): string | undefined {
  const ip = ipLiteral(record.Addr);
  return ip && gossipAddress(ip, record.Port);
}
