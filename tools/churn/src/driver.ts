import { builtInTemplate } from '@rollcall/haproxy-handler';
import { type Balancer, type Cluster, type ClusterNode, until } from '@rollcall/testkit';
import type { Failure } from './account/summary.ts';
import type { Window } from './account/window.ts';
import type { PlainApp } from './plain-app.ts';
import type { Disturbance, Due } from './schedule.ts';

/** A node stops only while this many others serve. */
const MUST_STAY = 2;

/** Carries out disturbances on a cluster and notes when each began, struck and was over. */
export class Driver {
  readonly windows: Window[] = [];
  readonly failures: Failure[] = [];
  /** From `docker run` to the first answer of the app by itself, in ms: one beside each join. */
  readonly plainRuns: number[] = [];
  readonly #cluster: Cluster;
  readonly #balancers: readonly [Balancer, ...Balancer[]];
  readonly #plainApp: PlainApp;
  /** In service, and nothing is being done to them. */
  readonly #calm: ClusterNode[] = [];
  #number = 0;
  #templates = 0;

  constructor(cluster: Cluster, balancers: readonly [Balancer, ...Balancer[]], plainApp: PlainApp) {
    this.#cluster = cluster;
    this.#balancers = balancers;
    this.#plainApp = plainApp;
  }

  /** Nodes that serve now. */
  get serving(): number {
    return this.#calm.length;
  }

  /** Adds a node and waits until all balancers send requests to it. */
  async join(): Promise<Window> {
    const from = Date.now();
    this.#number += 1;
    const node = await this.#cluster.web(`s${this.#number}`);
    // Its own word is asked for by a process in its container, which a node that starts would be slower for.
    await this.#untilUp(node);
    const readyAt = await this.#untilServing(node, from);
    const until = Date.now();
    this.#calm.push(node);
    return { what: 'join', node: node.name, from, struckBy: until, until, readyAt };
  }

  /** Carries one out, to its end. Never rejects: a failure must not cost the figures of all the others. */
  async carryOut({ what, draw }: Due): Promise<void> {
    try {
      this.windows.push(await this.#carryOut(what, draw));
      // Under the same load, and not at the same time.
      if (what === 'join') this.plainRuns.push(await this.#plainApp.runToFirstAnswer());
    } catch (error) {
      this.failures.push({ what, why: error instanceof Error ? error.message : String(error) });
    }
  }

  async #carryOut(what: Disturbance, draw: number): Promise<Window> {
    switch (what) {
      case 'join':
        return await this.join();
      case 'stop':
        return await this.#to(await this.#take(draw), what, (node) =>
          node.container.stop({ timeoutSeconds: 10 }),
        );
      case 'kill':
        return await this.#kill(await this.#take(draw));
      case 'crash app':
        return await this.#crash(await this.#take(draw), what, 'app');
      case 'crash node handler':
        return await this.#crash(await this.#take(draw), what, 'handler');
      case 'crash node serf':
        return await this.#crash(await this.#take(draw), what, 'serf');
      case 'crash balancer handler':
        return await this.#crash(this.#balancer(draw), what, 'handler');
      case 'crash balancer serf':
        return await this.#crash(this.#balancer(draw), what, 'serf');
      case 'crash haproxy':
        return await this.#crash(this.#balancer(draw), what, 'haproxy');
      case 'reload':
        return await this.#to(this.#balancer(draw), what, (balancer) => this.#reload(balancer));
    }
  }

  #balancer(draw: number): Balancer {
    return this.#balancers[Math.floor(draw * this.#balancers.length)] ?? this.#balancers[0];
  }

  /** Chooses a node and keeps other disturbances from it, once there are others enough to serve. */
  async #take(draw: number): Promise<ClusterNode> {
    return await until(`${MUST_STAY + 1} nodes in service`, () => {
      if (this.#calm.length <= MUST_STAY) return undefined;
      const [node] = this.#calm.splice(Math.floor(draw * this.#calm.length), 1);
      return node;
    });
  }

  async #to<N extends ClusterNode>(
    node: N,
    what: Disturbance,
    act: (node: N) => Promise<unknown>,
  ): Promise<Window> {
    const from = Date.now();
    await act(node);
    const now = Date.now();
    const url = this.#balancers.find((balancer) => balancer.name === node.name)?.url;
    return { what, node: node.name, ...(url !== undefined && { url }), from, struckBy: now, until: now };
  }

  async #kill(node: ClusterNode): Promise<Window> {
    const killed = await this.#to(node, 'kill', async () => {
      await node.container.kill();
      await node.container.waitForExit();
    });
    await this.join();
    return { ...killed, until: Date.now() };
  }

  async #crash(node: ClusterNode, what: Disturbance, service: string): Promise<Window> {
    const crashed = await this.#to(node, what, async () => {
      const before = await node.killService(service);
      // A process that has its signal still takes connections until it is seen to be dead.
      await until(
        `the end of ${service} on ${node.name}`,
        async () => (await node.pidOf(service)) !== before,
      );
    });
    await until(`${service} of ${node.name} to come back`, async () => (await node.pidOf(service)) > 0);
    return await this.#backInService(node, crashed, service === 'app' ? crashed.from : 0);
  }

  async #backInService(node: ClusterNode, window: Window, since: number): Promise<Window> {
    const balancer = this.#balancers.find(({ name }) => name === node.name);
    if (balancer) {
      await until(`an answer of ${node.name}`, () => balancer.get());
    } else {
      await this.#untilServing(node, since);
      this.#calm.push(node);
    }
    return { ...window, until: Date.now() };
  }

  async #reload(balancer: Balancer): Promise<void> {
    this.#templates += 1;
    const change = `# template ${this.#templates}`;
    await balancer.writeTemplate(`${builtInTemplate.text}${change}\n`);
    await until(`the changed template in haproxy.cfg of ${balancer.name}`, async () =>
      (await balancer.config()).includes(change),
    );
  }

  /**
   * Waits until the app of a node has been ready after this time, and the balancers have the node up: either by itself may
   * still tell of a life before. @returns since when the app is ready, in ms since the epoch
   */
  async #untilServing(node: ClusterNode, since: number): Promise<number> {
    const readyAt = await until(`the app of ${node.name} to be ready`, async () => {
      const { app } = ((await node.status())?.roleStatus ?? {}) as {
        app?: { ready: boolean; since: string };
      };
      const readyAt = app?.ready ? Date.parse(app.since) : 0;
      return readyAt > since ? readyAt : undefined;
    });
    await this.#untilUp(node);
    return readyAt;
  }

  async #untilUp({ name }: ClusterNode): Promise<void> {
    for (const balancer of this.#balancers) {
      await until(`${name} up on the stats page of ${balancer.name}`, async () => {
        const stats = await balancer.stats();
        return stats.some(({ server, status }) => server === name && status === 'UP');
      });
    }
  }
}
