import { setTimeout as pause } from 'node:timers/promises';
import { type Balancer, Cluster, until } from '@rollcall/testkit';
import { usageOf } from '../usage.ts';
import { BalancerNews } from './balancer-news.ts';
import { type ChurnFound, type ChurnOptions, type Commuter, churn } from './churn.ts';
import { Crew } from './crew.ts';
import { type MachineLoad, watchMachine } from './machine-load.ts';

/** Agents in one container. */
const CREW_MAX = 50;
const LOOK_EVERY_MS = 200;
/** For many processes that start at once on few cores. */
const GROW_LIMIT_MS = 300_000;
/** What the balancer's files and the agents' own news need after many have come. */
const SETTLE_MS = 3_000;

export interface StepOptions extends ChurnOptions {
  readonly restSeconds: number;
}

/** The cluster with so many agents. */
export interface Step extends Growth {
  readonly agents: number;
  readonly atRest: Load;
  readonly underChurn: Load;
  readonly churn: ChurnFound;
  /** The whole machine, at rest. */
  readonly machine: MachineLoad;
}

/** Of agents that were started all at once. */
interface Growth {
  readonly fresh: number;
  /** From their start to the balancer having the last of their servers, in ms. */
  readonly inBalancerMs: number;
  /** From their start to the last of all agents knowing everybody, in ms. */
  readonly everywhereMs: number;
}

/** Of the balancer's container. */
interface Load {
  /** Of one core. */
  readonly cpuShare: number;
  readonly memoryBytes: number;
}

/** One cluster with a real balancer, to which more and more agents come. */
export class GrowingCluster {
  readonly #cluster: Cluster;
  readonly #balancer: Balancer;
  readonly #news: BalancerNews;
  readonly #crews: Crew[] = [];

  static async open(): Promise<GrowingCluster> {
    const cluster = await Cluster.open('bench-gossip');
    try {
      return new GrowingCluster(cluster, await cluster.balancer());
    } catch (error) {
      await cluster.close();
      throw error;
    }
  }

  private constructor(cluster: Cluster, balancer: Balancer) {
    this.#cluster = cluster;
    this.#balancer = balancer;
    this.#news = new BalancerNews(balancer);
  }

  async close(): Promise<void> {
    await this.#cluster.close();
  }

  /** Brings the cluster to so many agents, leaves it alone for a while, and then lets some of them come and go. */
  async step(agents: number, options: StepOptions): Promise<Step> {
    const growth = await this.#grow(agents - this.#agents.length);
    await pause(SETTLE_MS);
    const machine = watchMachine();
    const rest = await this.#loadDuring(() => pause(options.restSeconds * 1_000));
    const machineAtRest = machine();
    const changes = await this.#loadDuring(() => churn(this.#commuters(), this.#news, options));
    await this.#untilComplete();
    return {
      agents,
      ...growth,
      atRest: rest.load,
      underChurn: changes.load,
      churn: changes.result,
      machine: machineAtRest,
    };
  }

  get #agents(): string[] {
    return this.#crews.flatMap(({ agents }) => agents);
  }

  async #grow(fresh: number): Promise<Growth> {
    const names = Array.from({ length: fresh }, (_, index) => `a${this.#agents.length + index}`);
    const crews: Crew[] = [];
    for (let first = 0; first < fresh; first += CREW_MAX) {
      const crew = await Crew.open(this.#cluster, names.slice(first, first + CREW_MAX), this.#balancer.name);
      crews.push(crew);
    }
    this.#crews.push(...crews);
    const startedAt = Date.now();
    await Promise.all(crews.map((crew) => crew.ask({ do: 'start', agents: crew.agents })));
    // The balancer is a member itself.
    const everybody = this.#agents.length + 1;
    const [everywhereAt, inBalancerAt] = await Promise.all([
      this.#untilAllKnow(everybody),
      this.#untilInBalancer(names, startedAt),
    ]);
    return { fresh, inBalancerMs: inBalancerAt - startedAt, everywhereMs: everywhereAt - startedAt };
  }

  /** @returns when the last of these was in rotation, in ms since the epoch */
  async #untilInBalancer(names: readonly string[], since: number): Promise<number> {
    const told = await until(
      `${names.length} agents in the balancer`,
      async () => {
        const applied = await this.#news.since('applied', since);
        return names.every((name) => applied.has(name)) ? applied : undefined;
      },
      { limitMs: GROW_LIMIT_MS, everyMs: LOOK_EVERY_MS },
    );
    return Math.max(...told.values());
  }

  /** @returns when all agents knew everybody, in ms since the epoch */
  async #untilAllKnow(members: number): Promise<number> {
    await until(
      `${members} members in the eyes of every agent`,
      async () => Math.min(...(await Promise.all(this.#crews.map((crew) => crew.fewestKnown())))),
      { limitMs: GROW_LIMIT_MS, everyMs: LOOK_EVERY_MS, accept: (fewest) => fewest >= members },
    );
    return Date.now();
  }

  /** Nothing that came and went has left HAProxy with other servers than there are. */
  async #untilComplete(): Promise<void> {
    const expected = this.#agents.sort().join();
    await until('a server in HAProxy for each agent, and no other', () => this.#news.serversUp(), {
      accept: (servers) => servers.sort().join() === expected,
      everyMs: LOOK_EVERY_MS,
    });
  }

  #commuters(): Commuter[] {
    return this.#crews.flatMap((crew) =>
      crew.agents.map((name) => ({
        name,
        leave: async () => (await crew.ask({ do: 'leave', agent: name })).at,
        start: async () => (await crew.ask({ do: 'start', agents: [name] })).at,
      })),
    );
  }

  async #loadDuring<T>(run: () => Promise<T>): Promise<{ load: Load; result: T }> {
    const { stage } = this.#cluster;
    const { container } = this.#balancer;
    const [before, from] = [await usageOf(stage, container), performance.now()];
    const result = await run();
    const after = await usageOf(stage, container);
    const cpuShare = (after.cpuMs - before.cpuMs) / (performance.now() - from);
    return { load: { cpuShare, memoryBytes: after.memoryBytes }, result };
  }
}
