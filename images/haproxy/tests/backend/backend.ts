import { readFileSync } from 'node:fs';
import { type Cluster, type ClusterNode, request, until } from '@rollcall/testkit';

const role = readFileSync(new URL('role.js', import.meta.url), 'utf8');

/** A web node that does as it is told: see role.js. */
export class Backend {
  readonly node: ClusterNode;

  constructor(node: ClusterNode) {
    this.node = node;
  }

  static async start(cluster: Cluster, name: string): Promise<Backend> {
    const node = await cluster.web(name, {
      image: 'rollcall/base',
      files: { '/opt/rollcall/role/index.js': role },
      ports: [3000],
    });
    return new Backend(node);
  }

  get name(): string {
    return this.node.name;
  }

  /** Has it change its tags. */
  async say(state: 'starting' | 'ready' | 'draining'): Promise<void> {
    await this.#command(`/say?state=${state}`);
  }

  /** Has it ask the balancer to be drained. @returns the balancer's answer */
  drain(): Promise<{ applied: boolean; inFlight: number }> {
    return this.#command('/drain');
  }

  /** Has it ask the balancer to tell when nothing is in flight. @returns the balancer's answer */
  idle(): Promise<{ idle: boolean; inFlight: number }> {
    return this.#command('/idle');
  }

  /** Waits until so many requests to `/hold` have begun to arrive and are not answered yet. */
  async untilBegun(count: number): Promise<void> {
    await until(`${count} requests begun at ${this.name}`, () => this.#command<number>('/begun'), {
      accept: (begun) => begun === count,
    });
  }

  /** Waits until so many requests to `/hold` have arrived as a whole. */
  async untilHeld(count: number): Promise<void> {
    await until(`${count} requests held by ${this.name}`, () => this.#command<number>('/held'), {
      accept: (held) => held === count,
    });
  }

  /** Answers all requests that it holds. */
  async release(): Promise<void> {
    await this.#command('/release');
  }

  async #command<T>(path: string): Promise<T> {
    const url = `http://127.0.0.1:${this.node.container.port(3000)}${path}`;
    return (await request(url, { limitMs: 60_000 })).json<T>();
  }
}
