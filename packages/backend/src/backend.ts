import type { BackendAnnouncement, Context, DrainBudget, RunningRole } from '@rollcall/handler';
import type { BackendState, Claim, View } from '@rollcall/membership';
import { AppWatch } from './app-watch.ts';
import { askBalancers } from './ask-balancers.ts';
import { followBalancers } from './balancers.ts';
import { checkApp } from './check.ts';
import { agedClaims, newClaims, ownClaims } from './claims.ts';
import { Drain } from './drain.ts';
import { notReadyYet, type Readiness } from './readiness.ts';
import type { StateBefore } from './state-before.ts';
import { type BackendStatus, backendStatus } from './status.ts';
import type { BackendConfig } from './variables.ts';

/** What a backend tells the room of itself. */
export function announcement(
  { service, port, weight, check }: BackendConfig,
  state: BackendState,
  claims: readonly Claim[],
): BackendAnnouncement {
  return { service, port, state, weight, check, claims };
}

/** The role at work: the room is told when the app is ready, and the balancers drain this node before it ends. */
export class Backend implements RunningRole {
  readonly #context: Context<BackendConfig>;
  readonly #watch: AppWatch;
  /** Undefined until they are known; nobody reckons with a node that was never announced. */
  #balancers: readonly string[] | undefined;
  #claims: readonly Claim[];
  /** As it was last; undefined until it is known. */
  #view: View | undefined;
  /** What the room was told last, as text. */
  #told: string | undefined;
  /** It was announced before any balancer was known. */
  #isUnheard = false;
  #draining: boolean;
  /** Its drain was taken back. */
  #hasYielded = false;
  #drain: Drain | undefined;

  /** @param before how the handler before this one left the node, in this start of its container */
  constructor(context: Context<BackendConfig>, before?: StateBefore) {
    this.#context = context;
    this.#balancers = before ? undefined : [];
    this.#draining = before?.state === 'draining';
    const { check, port, routes } = context.config;
    this.#claims = ownClaims(routes, before?.claims);
    this.#watch = new AppWatch({
      before: before?.readiness ?? notReadyYet(Date.now()),
      check: (signal) => checkApp(check, port, signal),
      onCheck: (readiness, before) => this.#appChecked(readiness, before),
    });
  }

  viewChanged(view: View): void {
    const balancers = followBalancers(this.#balancers, view, this.#context.node.name);
    this.#view = view;
    this.#claims = this.#aged(this.#claims);
    if (balancers) {
      this.#balancers = balancers;
      this.#drain?.follow(balancers);
      if (this.#isUnheard) void this.#spread();
    }
    if (this.#told !== undefined) void this.#tell();
  }

  async drain(budget: DrainBudget): Promise<void> {
    const { queries, node, log, room, statusChanged } = this.#context;
    this.#draining = true;
    // Not waited for: the balancers are asked themselves, whatever the tags tell them.
    void this.#tell();
    this.#drain = new Drain(this.#balancers, {
      ask: askBalancers(queries, node),
      // Who is not in the room yet is not known to anybody there.
      look: async () => (this.#view ? await room.lookAgain() : undefined),
      log,
      onProgress: statusChanged,
    });
    await this.#drain.run(budget);
  }

  async undrain(): Promise<void> {
    this.#draining = false;
    this.#drain = undefined;
    this.#hasYielded = true;
    this.#claims = this.#aged(newClaims(this.#context.config.routes));
    await this.#tell();
  }

  lookAgain(): void {
    this.#watch.lookAgain();
  }

  status(): BackendStatus {
    const { config } = this.#context;
    return backendStatus(config, this.#claims, this.#state, this.#watch.readiness, this.#drain?.status);
  }

  async close(): Promise<void> {
    await this.#watch.close();
  }

  get #state(): BackendState {
    if (this.#draining) return 'draining';
    return this.#watch.readiness.ready ? 'ready' : 'starting';
  }

  /** As old as the service's own in the room. */
  #aged(claims: readonly Claim[]): readonly Claim[] {
    if (!this.#view) return claims;
    const { config, node } = this.#context;
    const self = { name: node.name, service: config.service, hasYielded: this.#hasYielded };
    return agedClaims(claims, self, this.#view);
  }

  #appChecked(readiness: Readiness, before: Readiness): void {
    if (readiness.ready !== before.ready || readiness.lastProblem !== before.lastProblem) {
      this.#logCheck(readiness, before);
      this.#context.healthy(readiness.ready ? undefined : `the app is not ready: ${readiness.lastProblem}`);
    }
    void this.#tell();
  }

  #logCheck({ ready, since, lastProblem }: Readiness, before: Readiness): void {
    const { log, config } = this.#context;
    if (lastProblem === undefined) {
      if (!before.ready) log.info({ port: config.port, ms: since - before.since }, 'the app is ready');
    } else if (before.ready) {
      log.warn({ problem: lastProblem }, ready ? 'the app failed a check' : 'the app is no longer ready');
    } else {
      log.info({ problem: lastProblem }, 'the app is not ready yet');
    }
  }

  /**
   * Tells the room what this node is now, when that is news. The balancers get it at once, from this node's agent: gossip
   * alone would take up to 200 ms.
   */
  async #tell(): Promise<void> {
    const { announce, config, log, statusChanged } = this.#context;
    const state = this.#state;
    const announced = announcement(config, state, this.#claims);
    const told = JSON.stringify(announced);
    if (told === this.#told) return;
    this.#told = told;
    statusChanged();
    try {
      await announce(announced);
      await this.#spread();
    } catch (error) {
      log.debug({ err: error, state }, 'the state is spread by gossip only');
    }
  }

  async #spread(): Promise<void> {
    const balancers = this.#balancers ?? [];
    this.#isUnheard = balancers.length === 0;
    if (!this.#isUnheard) await this.#context.room.spread(balancers);
  }
}
