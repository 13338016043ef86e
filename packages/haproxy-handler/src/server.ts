/**
 * Whether a server gets requests. `maint` is HAProxy's word: nothing new comes, also not from clients that stick to it by
 * cookie (as they would in its `drain`), and what is in flight ends undisturbed.
 */
export type Mode = 'ready' | 'maint';

/** A node's app as HAProxy should have it. */
export interface Server {
  /** The node's name. */
  readonly name: string;
  /** An IP literal without brackets. */
  readonly address: string;
  readonly port: number;
  /** 1-256 */
  readonly weight: number;
  readonly mode: Mode;
}

/** A server of the roster. */
export interface Registered extends Server {
  /** Which start of the node's container it is. */
  readonly boot: string;
  /** When this start of it was first ready, ms since the epoch. */
  readonly since: number;
  /** Why it is in its mode, in words that follow its name. */
  readonly cause: string;
  /** Since when nobody vouches for it, ms since the epoch; HAProxy's own checks decide about it. */
  readonly suspectSince?: number;
}

/** `address:port`, with brackets where IPv6 needs them. */
export function endpoint({ address, port }: Pick<Server, 'address' | 'port'>): string {
  return `${address.includes(':') ? `[${address}]` : address}:${port}`;
}
