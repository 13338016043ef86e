import type { BackendState, Claim, Route } from '@rollcall/membership';
import type { DrainStatus } from './drain.ts';
import type { Readiness } from './readiness.ts';
import type { BackendConfig } from './variables.ts';

/** What a backend shows of itself in `/run/rollcall/status.json`, under `roleStatus`. */
export interface BackendStatus {
  readonly service: string;
  readonly routes: readonly RouteStatus[];
  readonly port: number;
  readonly state: BackendState;
  readonly app: {
    readonly ready: boolean;
    /** ISO 8601. */
    readonly since: string;
    /** Why the last check failed. */
    readonly lastProblem?: string;
  };
  /** While this node is draining or drained. */
  readonly drain?: DrainStatus;
}

/** What the service asks the balancers for. */
export interface RouteStatus {
  readonly route: Route;
  /** When the service first did, ISO 8601. */
  readonly since: string;
}

export function backendStatus(
  { service, port }: BackendConfig,
  claims: readonly Claim[],
  state: BackendState,
  { ready, since, lastProblem }: Readiness,
  drain: DrainStatus | undefined,
): BackendStatus {
  return {
    service,
    routes: claims.map(({ route, since }) => ({ route, since: new Date(since).toISOString() })),
    port,
    state,
    app: {
      ready,
      since: new Date(since).toISOString(),
      ...(lastProblem === undefined ? {} : { lastProblem }),
    },
    ...(drain === undefined ? {} : { drain }),
  };
}
