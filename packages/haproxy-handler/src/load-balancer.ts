import type { ActualServer, Routes, Step } from './plan.ts';

/** What HAProxy is doing. */
export interface Actual {
  /** The process that takes new connections: another one after a reload or a restart. */
  readonly worker: number;
  /** Of the configuration that it has read; undefined when that was none of ours. */
  readonly fingerprint: string | undefined;
  /** Processes of before a reload that still finish their connections. */
  readonly oldWorkers: readonly number[];
  /** The places for services and TCP ports that its configuration has: see sections.ts. */
  readonly sections: ReadonlySet<string>;
  /** Undefined where its configuration has no map of routes. */
  readonly routes: Routes | undefined;
  /** The servers of the current process' backends. */
  readonly servers: readonly ActualServer[];
}

/** HAProxy, as far as this package needs it. One that is not there or does not answer: `BalancerError` HAPROXY_UNREACHABLE. */
export interface LoadBalancer {
  /** Throws `BACKEND_MISSING` where its configuration has no backend `web`. */
  look(): Promise<Actual>;
  /** The process that takes new connections; undefined where there is none. Takes no longer with more servers. */
  currentWorker(): Promise<number | undefined>;
  /** Requests and streams that clients have under way, wherever in HAProxy they are, over all of its processes. */
  underWay(): Promise<number>;
  /** Throws `STEP_REFUSED`, or `SERVER_BUSY` for a delete that has to wait. */
  apply(step: Step): Promise<void>;
  /** Has a new process take over with the file as it is now, and the servers' states; throws `START_FAILED`. */
  reload(): Promise<void>;
}
