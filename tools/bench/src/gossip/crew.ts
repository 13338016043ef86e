import { type Cluster, type TestContainer, until } from '@rollcall/testkit';
import { driverCode } from '../driver-code.ts';
import { CREW_PORT, type CrewAnswer, type CrewOrder, type CrewRequest } from './protocol.ts';

/** A container with many Serf agents, each a node of the cluster. */
export class Crew {
  readonly agents: readonly string[];
  readonly #container: TestContainer;

  private constructor(agents: readonly string[], container: TestContainer) {
    this.agents = agents;
    this.#container = container;
  }

  /** A container whose agents do not run yet. @param seed a name that the balancer answers to */
  static async open(
    { stage, network, gossipKey }: Cluster,
    agents: readonly string[],
    seed: string,
  ): Promise<Crew> {
    const order: CrewOrder = { agents, gossipKey, seed };
    const container = await stage.run({
      image: 'rollcall/base',
      cmd: ['node', '/bench/driver.mjs', JSON.stringify(order)],
      files: { '/bench/driver.mjs': await driverCode('crew-driver') },
      network,
    });
    const crew = new Crew(agents, container);
    await until('the driver of the agents to answer', () => crew.ask({ do: 'start', agents: [] }));
    return crew;
  }

  /** The members that are alive in the eyes of the agent that sees the fewest. */
  async fewestKnown(): Promise<number> {
    return (await this.ask({ do: 'count' })).fewest ?? 0;
  }

  /** @throws Error with the driver's words, or its log where it has ended */
  async ask(request: CrewRequest): Promise<CrewAnswer> {
    const url = `http://${this.#container.address}:${CREW_PORT}/`;
    const response = await fetch(url, { method: 'POST', body: JSON.stringify(request) }).catch(
      async (error) => {
        throw new Error(`the agents' driver does not answer:\n${await this.#container.logs()}`, {
          cause: error,
        });
      },
    );
    if (!response.ok) throw new Error(`the agents' driver: ${await response.text()}`);
    return (await response.json()) as CrewAnswer;
  }
}
