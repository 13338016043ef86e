import {
  type AgentSettings,
  agentConfig,
  type Log,
  Room,
  type RoomOptions,
  SerfClient,
  type Tags,
} from '@rollcall/membership';
import { Stage, type TestContainer, until } from '@rollcall/testkit';

/** Of it, only serf and s6: the command takes the place of its services. */
const IMAGE = 'rollcall/base';
const SCANDIR = '/scan';
const FIRST_RPC_PORT = 7373;
const FIRST_GOSSIP_PORT = 7946;
const RPC_AUTH = 'the tests only';
// s6 starts it in the service's folder.
const RUN = '#!/bin/sh\nexec 2>&1\nexec serf agent -config-file serf.json\n';

export interface TestAgent {
  readonly settings?: Partial<AgentSettings>;
  /** Serf's own configuration beside, or instead of, what Rollcall gives an agent. */
  readonly serf?: Readonly<Record<string, unknown>>;
}

/**
 * Real Serf agents, supervised by s6 in one container: they share an address and differ in their ports. Rooms and clients
 * reach them from here by published ports.
 */
export class SerfCluster {
  readonly #stage: Stage;
  readonly #container: TestContainer;
  readonly #services: readonly string[];
  readonly #open: { close(): unknown }[] = [];

  private constructor(stage: Stage, container: TestContainer, services: readonly string[]) {
    this.#stage = stage;
    this.#container = container;
    this.#services = services;
  }

  /** Agents that are not started yet, by the name of their service; the node has the same unless it is told another. */
  static async open(name: string, agents: Readonly<Record<string, TestAgent>>): Promise<SerfCluster> {
    const services = Object.keys(agents);
    const stage = await Stage.open(name);
    const files = Object.entries(agents).flatMap(([service, agent], index) => [
      [`${SCANDIR}/${service}/run`, { content: RUN, mode: 0o755 }],
      [`${SCANDIR}/${service}/serf.json`, JSON.stringify(configOf(service, index, agent))],
      [`${SCANDIR}/${service}/down`, ''],
    ]);
    const container = await stage.run({
      image: IMAGE,
      // s6 keeps its state beside the services.
      user: '0',
      cmd: ['s6-svscan', SCANDIR],
      ports: services.map((_, index) => FIRST_RPC_PORT + index),
      files: Object.fromEntries(files),
    });
    return new SerfCluster(stage, container, services);
  }

  /** `ip:port` at which other agents reach this one. */
  gossipAddress(service: string): string {
    return `${this.#container.address}:${FIRST_GOSSIP_PORT + this.#indexOf(service)}`;
  }

  rpc(service: string): RoomOptions['rpc'] {
    const port = this.#container.port(FIRST_RPC_PORT + this.#indexOf(service));
    return { host: '127.0.0.1', port, authKey: RPC_AUTH };
  }

  /** Resolves when the agent answers. */
  async start(...services: string[]): Promise<void> {
    for (const service of services) await this.#control('-u', service);
    for (const service of services) {
      const client = await until(`the agent ${service} to answer`, () =>
        SerfClient.connect(this.rpc(service)),
      );
      await client.close();
    }
  }

  /** By SIGINT, as its service is stopped in an image: it leaves. */
  async leave(service: string): Promise<void> {
    await this.#control('-Oi', service);
  }

  /** Kills the agent and lets it lie. */
  async kill(service: string): Promise<void> {
    await this.#control('-Ok', service);
  }

  /** Kills the agent; s6 starts it again. */
  async crash(service: string): Promise<void> {
    await this.#control('-k', service);
  }

  /** A room of the node's; closed with the cluster. */
  room(service: string, { seeds = [], tags }: { seeds?: readonly string[]; tags?: Tags } = {}): Room {
    const room = Room.open({
      node: service,
      rpc: this.rpc(service),
      seeds,
      log: silent,
      // A container's own addresses are not reached from here on every engine. Its ports answer at once in any case.
      isReachable: async () => true,
    });
    this.#open.push(room);
    // Rejects when the test is over before the agent has started.
    if (tags) room.setTags(tags).catch(() => {});
    return room;
  }

  /** A connection to the agent; closed with the cluster. */
  async client(service: string): Promise<SerfClient> {
    const client = await SerfClient.connect(this.rpc(service));
    this.#open.push(client);
    return client;
  }

  async logs(): Promise<string> {
    return await this.#container.logs();
  }

  async close(): Promise<void> {
    await Promise.all(this.#open.splice(0).map((item) => item.close()));
    await this.#stage.close();
  }

  async #control(what: string, service: string): Promise<void> {
    const command = ['s6-svc', what, `${SCANDIR}/${service}`];
    // s6-svscan may not have seen its services yet.
    await until(
      `s6-svc ${what} ${service}`,
      async () => (await this.#container.exec(command)).exitCode === 0,
    );
  }

  #indexOf(service: string): number {
    const index = this.#services.indexOf(service);
    if (index < 0) throw new Error(`The cluster has no agent "${service}"`);
    return index;
  }
}

function configOf(service: string, index: number, { settings, serf }: TestAgent): object {
  const rpcPort = FIRST_RPC_PORT + index;
  const config = agentConfig({
    name: service,
    gossipPort: FIRST_GOSSIP_PORT + index,
    rpcPort,
    rpcAuth: RPC_AUTH,
    ...settings,
  });
  // A published port does not reach loopback.
  return { ...config, rpc_addr: `0.0.0.0:${rpcPort}`, log_level: 'DEBUG', ...serf };
}

const silent: Log = { debug() {}, info() {}, warn() {}, error() {} };
