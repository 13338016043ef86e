import type { Refusal } from './candidates.ts';
import type { Reloads } from './configuration-keeper.ts';
import type { Picture } from './reconciler.ts';
import type { RefusedClaim } from './routing.ts';
import { keyOf, type Mode } from './server.ts';
import type { StoryEntry } from './stories.ts';

/** A server as `rollcall ps` shows it. */
export interface ServerStatus {
  readonly node: string;
  /** Which it is a server of. */
  readonly service: string;
  readonly boot: string;
  readonly address: string;
  readonly port: number;
  readonly state: Mode;
  /** HAProxy's own check reaches it. */
  readonly up: boolean;
  readonly inFlight: number;
  /** Nobody vouches for it: HAProxy's check decides. */
  readonly suspect: boolean;
  /** ISO 8601. */
  readonly suspectSince?: string;
  /** When this start of it was first ready, ISO 8601. */
  readonly since: string;
}

/** A service that has servers here. */
export interface ServiceStatus {
  readonly service: string;
  /** What it gets now, sorted: `shop.example.com/api`, `/`, `tcp:5432` ... */
  readonly routes: readonly string[];
}

/** What a balancer tells of itself: `roleStatus` in `/run/rollcall/status.json`. */
export interface BalancerStatus {
  readonly servers: readonly ServerStatus[];
  /** Sorted by name. */
  readonly services: readonly ServiceStatus[];
  readonly refused: readonly Refusal[];
  readonly refusedClaims: readonly RefusedClaim[];
  readonly reloads: Reloads;
  /** Changes that were made by HAProxy's runtime API. */
  readonly runtimeChanges: number;
  /** HAProxy's processes of before a reload that still finish their connections. */
  readonly oldWorkers: number;
  /** The template in use is not the one that is wanted, and why. */
  readonly templateProblem?: string;
  readonly settings: {
    readonly template: string;
    readonly adminPort: number | null;
    readonly failedGraceSeconds: number;
    readonly hardStopSeconds: number;
  };
  /** By node, oldest first. */
  readonly stories: Readonly<Record<string, readonly StoryEntry[]>>;
}

/** The servers of the roster, with what HAProxy knows of them. */
export function serverStatuses({ roster, actual }: Picture): ServerStatus[] {
  const present = new Map(actual?.servers.map((server) => [keyOf(server), server]));
  return roster.servers.map((server) => {
    const { name, service, boot, address, port, mode, since, suspectSince } = server;
    const known = present.get(keyOf(server));
    return {
      node: name,
      service,
      boot,
      address,
      port,
      state: known?.mode === 'ready' ? mode : 'maint',
      up: known?.up ?? false,
      inFlight: known?.inFlight ?? 0,
      suspect: suspectSince !== undefined,
      ...(suspectSince !== undefined && { suspectSince: new Date(suspectSince).toISOString() }),
      since: new Date(since).toISOString(),
    };
  });
}

/** The services that have servers, and what they get. */
export function serviceStatuses({ routing }: Picture): ServiceStatus[] {
  return [...routing.granted].map(([service, routes]) => ({ service, routes }));
}
