import { randomBytes } from 'node:crypto';
import type { TestContainer } from '../container.ts';
import type { ContainerOptions } from '../options.ts';
import { Stage } from '../stage.ts';
import { Balancer, STATS_PORT, WEB_PORT } from './balancer.ts';
import { ClusterNode } from './node.ts';

/** What a test may give a node of its own. */
export type NodeOptions = Partial<Omit<ContainerOptions, 'network' | 'hostname'>>;

/** Nodes from the real images that find each other in a network of their own, with a gossip key of their own. */
export class Cluster {
  readonly stage: Stage;
  readonly network: string;
  readonly gossipKey: string;
  readonly #nodes: ClusterNode[] = [];

  static async open(name: string): Promise<Cluster> {
    const stage = await Stage.open(name);
    try {
      return new Cluster(stage, await stage.network());
    } catch (error) {
      await stage.close();
      throw error;
    }
  }

  private constructor(stage: Stage, network: string) {
    this.stage = stage;
    this.network = network;
    this.gossipKey = randomBytes(32).toString('base64');
  }

  /** Every node that was started, in that order. */
  get nodes(): readonly ClusterNode[] {
    return this.#nodes;
  }

  async balancer(name = 'ha', options: NodeOptions = {}): Promise<Balancer> {
    const ports = [WEB_PORT, STATS_PORT];
    const container = await this.#start(name, { image: 'rollcall/haproxy', ports, ...options });
    const balancer = new Balancer(name, container);
    this.#nodes.push(balancer);
    return balancer;
  }

  async web(name: string, options: NodeOptions = {}): Promise<ClusterNode> {
    const node = new ClusterNode(name, await this.#start(name, { image: 'rollcall/webapp', ...options }));
    this.#nodes.push(node);
    return node;
  }

  async close(): Promise<void> {
    this.#nodes.length = 0;
    await this.stage.close();
  }

  async #start(hostname: string, options: NodeOptions & { image: string }): Promise<TestContainer> {
    return await this.stage.run({
      ...options,
      hostname,
      network: this.network,
      // Every node answers to the name that nodes join through by default.
      aliases: ['rollcall', hostname, ...(options.aliases ?? [])],
      env: { ROLLCALL_GOSSIP_KEY: this.gossipKey, ...options.env },
    });
  }
}
