import type { Announcement, Context, DrainBudget, RunningRole } from '@rollcall/handler';
import type { BackendState, View } from '@rollcall/membership';
import { AppWatch } from './app-watch.ts';
import { askBalancers } from './ask-balancers.ts';
import { followBalancers } from './balancers.ts';
import { checkApp } from './check.ts';
import { Drain } from './drain.ts';
import type { Readiness } from './readiness.ts';
import { type BackendStatus, backendStatus } from './status.ts';
import type { BackendConfig } from './variables.ts';

/** What a backend tells the room of itself. */
export function announcement(config: BackendConfig, state: BackendState): Announcement {
  const { service, port, weight, check } = config;
  return { service, port, state, weight, check };
}

/** The role at work: the room is told when the app is ready, and the balancers drain this node before it ends. */
export class Backend implements RunningRole {
  readonly #context: Context<BackendConfig>;
  readonly #watch: AppWatch;
  #balancers: readonly string[] = [];
  /** The drain that this node is in, or has done. */
  #drain: Drain | undefined;

  constructor(context: Context<BackendConfig>) {
    this.#context = context;
    const { check, port } = context.config;
    this.#watch = new AppWatch({
      check: (signal) => checkApp(check, port, signal),
      onChange: (readiness, before) => this.#readinessChanged(readiness, before),
    });
  }

  viewChanged(view: View): void {
    this.#balancers = followBalancers(this.#balancers, view, this.#context.node.name);
    this.#drain?.follow(this.#balancers);
  }

  async drain(budget: DrainBudget): Promise<void> {
    this.#drain = new Drain(this.#balancers, {
      ask: askBalancers(this.#context.queries, this.#context.node),
      log: this.#context.log,
      onProgress: this.#context.statusChanged,
    });
    // The balancers are asked for themselves: the drain does not depend on what the tags tell them.
    void this.#tell();
    await this.#drain.run(budget);
  }

  async undrain(): Promise<void> {
    this.#drain = undefined;
    await this.#tell();
  }

  lookAgain(): void {
    this.#watch.lookAgain();
  }

  status(): BackendStatus {
    const { config } = this.#context;
    return backendStatus(config, this.#state, this.#watch.readiness, this.#drain?.status);
  }

  async close(): Promise<void> {
    await this.#watch.close();
  }

  get #state(): BackendState {
    if (this.#drain) return 'draining';
    return this.#watch.readiness.ready ? 'ready' : 'starting';
  }

  #readinessChanged(readiness: Readiness, before: Readiness): void {
    const { log, config, healthy } = this.#context;
    const { ready, lastProblem } = readiness;
    healthy(ready ? undefined : `the app is not ready: ${lastProblem}`);
    if (ready && !before.ready) {
      log.info({ port: config.port, ms: readiness.since - before.since }, 'the app is ready');
    }
    if (lastProblem)
      log[before.ready ? 'warn' : 'info']({ problem: lastProblem }, 'the app failed its check');
    if (ready !== before.ready) void this.#tell();
  }

  /** Tells the room, and those at once who send requests here: gossip alone would take up to 200 ms. */
  async #tell(): Promise<void> {
    const { announce, config, log, room } = this.#context;
    try {
      await announce(announcement(config, this.#state));
      await room.spread(this.#balancers);
    } catch (error) {
      // The room tells it again by itself, and gossip carries it on.
      log.debug({ err: error }, 'the news is spread by gossip only');
    }
  }
}
