/** What a service does, as its s6-supervise knows it. */
export interface ServiceStatus {
  readonly name: string;
  /** Its process runs. */
  readonly up: boolean;
  /** It is up and has said that it is ready, if it has a way to say so. */
  readonly ready: boolean;
  /** It died too often and is left down for a while: see `Hold`. */
  readonly held: boolean;
  /** When it last came up or went down, ms since the epoch. */
  readonly since: number;
  readonly pid?: number;
  /** How it last ended, while it is down. */
  readonly ended?: { readonly exitCode: number } | { readonly signal: string };
}

/** The fields that `parseStatus` reads, for `s6-svstat -o`. */
export const STATUS_FIELDS = 'up,ready,wantedup,normallyup,pid,exitcode,signal,updownsince';

/** What the service directory tells beside them. */
export interface DirectoryFacts {
  /** The service has a way to say that it is ready. */
  readonly notifies: boolean;
  /** It was held when it last died. */
  readonly heldAtDeath: boolean;
}

/** Reads a line of s6-svstat. */
export function parseStatus(name: string, line: string, facts: DirectoryFacts): ServiceStatus {
  const [up, ready, wantedUp, normallyUp, pid, exitCode, signal, since] = line.trim().split(' ');
  return {
    name,
    up: up === 'true',
    ready: up === 'true' && (ready === 'true' || !facts.notifies),
    held: up === 'false' && wantedUp === 'false' && normallyUp === 'true' && facts.heldAtDeath,
    since: msOfTai64n(since ?? ''),
    ...(up === 'true' && { pid: Number(pid) }),
    ...(exitCode !== '-1' && { ended: { exitCode: Number(exitCode) } }),
    ...(signal !== 'NA' && { ended: { signal: signal ?? '' } }),
  };
}

/** A label of https://cr.yp.to/libtai/tai64.html: 2^62 plus TAI seconds since 1970 in hexadecimal, then nanoseconds. */
function msOfTai64n(label: string): number {
  const seconds = BigInt(`0x${label.slice(1, 17)}`) - 2n ** 62n - TAI_AHEAD_S;
  return Number(seconds * 1000n) + Math.floor(Number(`0x${label.slice(17, 25)}`) / 1e6);
}

/** TAI is ahead of UTC by so much since 2017; the next leap second would make a difference of one. */
const TAI_AHEAD_S = 37n;
