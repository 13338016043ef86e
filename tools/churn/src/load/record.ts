/** The kinds of requests, and what each shows that the others do not. */
export const KINDS = {
  /** A short answer over connections that are kept. */
  get: { repeatable: true },
  /** A short answer over a connection of its own. */
  'get-fresh': { repeatable: true },
  /** A client with a cookie, which goes back to the same node as long as that serves. */
  sticky: { repeatable: true },
  /** An answer that is a long time coming. */
  slow: { repeatable: true },
  /** Megabytes, checked by their number. */
  download: { repeatable: true },
  /** Server-sent events: an answer that comes bit by bit. */
  events: { repeatable: true },
  /** A body, checked by its hash, over connections that are kept. */
  post: { repeatable: false },
  /** A body, checked by its hash, over a connection of its own. */
  'post-fresh': { repeatable: false },
  /** A body that is sent bit by bit. */
  upload: { repeatable: false },
  /** Some messages there and back, then a proper close. */
  websocket: { repeatable: false },
} as const;

export type Kind = keyof typeof KINDS;
export const kinds = Object.keys(KINDS) as Kind[];

/** One request, accounted for. All times are in ms since the epoch. */
export interface RequestRecord {
  readonly id: number;
  readonly kind: Kind;
  readonly sentAt: number;
  readonly endedAt: number;
  /** Answered right; or not at all, not whole, or wrong: lost. */
  readonly outcome: 'right' | 'lost';
  /** Why it is lost. */
  readonly why?: string;
  /**
   * Why it was sent again: its connection broke or was refused, and its method allows every HTTP client to repeat it
   * (RFC 9110, 9.2.2). `outcome` is that of the last time.
   */
  readonly repeated?: string;
  /** Of a harmed one: the address that it was sent to first, as in `urls`. */
  readonly to?: string;
  /** The node that answered, where the answer says so. */
  readonly node?: string;
}

/** Not simply answered right: lost, or sent again. */
export function isHarmed({ outcome, repeated }: RequestRecord): boolean {
  return outcome === 'lost' || repeated !== undefined;
}

/** How well the schedule was kept: from when a request was due to when it was sent, in ms. */
export interface Lag {
  readonly p99: number;
  readonly max: number;
}

/** What the load is to do. */
export interface LoadOptions {
  /**
   * Where to send: one or more balancers. Every client knows them all; the first that it tries is another one for each
   * client in turn.
   */
  readonly urls: readonly [string, ...string[]];
  /** Requests per second, sent on schedule whether earlier ones are answered or not. */
  readonly rate: number;
  readonly seed: number;
  /** How often each kind is sent, relative to the others. Default: all kinds. */
  readonly mix?: Partial<Record<Kind, number>>;
}

export type FromWorker =
  | { readonly type: 'records'; readonly records: readonly RequestRecord[] }
  | { readonly type: 'done'; readonly lag: Lag };
