import { type Claim, tcpPortOf } from '@rollcall/membership';

/**
 * Whether a server gets requests. `maint` is HAProxy's word: nothing new comes, also not from clients that stick to it by
 * cookie (as they would in its `drain`), and what is in flight ends undisturbed.
 */
export type Mode = 'ready' | 'maint';

/** A node's app as HAProxy should have it. */
export interface Server {
  /** The node's name. */
  readonly name: string;
  /** HAProxy's backend that it is in: see `backendFor`. */
  readonly backend: string;
  /** An IP literal without brackets. */
  readonly address: string;
  readonly port: number;
  /** 1-256 */
  readonly weight: number;
  readonly mode: Mode;
}

/** A server of the roster. */
export interface Registered extends Server {
  /** The service that its node is a server of. */
  readonly service: string;
  /** What its node asks for on behalf of the service. */
  readonly claims: readonly Claim[];
  /** Which start of the node's container it is. */
  readonly boot: string;
  /** When this start of it was first ready, ms since the epoch. */
  readonly since: number;
  /** Why it is in its mode, in words that follow its name. */
  readonly cause: string;
  /** Since when nobody vouches for it, ms since the epoch; HAProxy's own checks decide about it. */
  readonly suspectSince?: number;
}

/** The service of a node that says none, and the one that every template has a place for. */
export const WEB = 'web';

const TCP = 'tcp:';

/** The backend of a service: its name; `tcp:NAME` for nodes that ask for TCP ports, as a backend speaks one of the two. */
export function backendFor(service: string, claims: readonly Claim[]): string {
  return claims.some(({ route }) => tcpPortOf(route) !== undefined) ? `${TCP}${service}` : service;
}

export function isTcp(backend: string): boolean {
  return backend.startsWith(TCP);
}

export function serviceOf(backend: string): string {
  return isTcp(backend) ? backend.slice(TCP.length) : backend;
}

/** What tells a server from all others in HAProxy, in HAProxy's words. */
export function keyOf({ backend, name }: Pick<Server, 'backend' | 'name'>): string {
  return `${backend}/${name}`;
}

/** `address:port`, with brackets where IPv6 needs them. */
export function endpoint({ address, port }: Pick<Server, 'address' | 'port'>): string {
  return `${address.includes(':') ? `[${address}]` : address}:${port}`;
}
