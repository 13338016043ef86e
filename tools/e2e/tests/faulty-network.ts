import type { ClusterNode, Stage, TestContainer } from '@rollcall/testkit';

/** What happens to a node's packets on their way in and out: statements of nft(8). */
interface Fault {
  /** A node has one of each name at a time. */
  readonly name: string;
  readonly in: readonly string[];
  readonly out: readonly string[];
}

/** Nothing gets through between the node and these others. */
export function cutOffFrom(others: readonly ClusterNode[]): Fault {
  return {
    name: 'cut_off',
    in: [`ip saddr ${addresses(others)} counter drop`],
    out: [`ip daddr ${addresses(others)} counter drop`],
  };
}

/** Nothing gets through to this port or from it, TCP or UDP, here or elsewhere. */
export function closedPort(port: number): Fault {
  const rules = [`th sport ${port} counter drop`, `th dport ${port} counter drop`];
  return { name: `port_${port}`, in: rules, out: rules };
}

/** So many of a hundred packets from these others get lost, at random. */
export function losing(percent: number, others: readonly ClusterNode[]): Fault {
  return {
    name: 'loss',
    in: [`ip saddr ${addresses(others)} numgen random mod 100 < ${percent} counter drop`],
    out: [],
  };
}

const addresses = (nodes: readonly ClusterNode[]) =>
  `{ ${nodes.map(({ container }) => container.address).join(', ')} }`;

/** Breaks the network of nodes from inside their containers' own network namespaces. */
export class FaultyNetwork {
  readonly #stage: Stage;
  readonly #image: string;
  /** Beside each node, in its network namespace, which the node itself may not change. */
  readonly #beside = new Map<ClusterNode, Promise<TestContainer>>();

  static async open(stage: Stage): Promise<FaultyNetwork> {
    const image = await stage.image(
      'nft',
      `FROM rollcall/os
      RUN apt-get -o Acquire::Retries=5 update && DEBIAN_FRONTEND=noninteractive apt-get -o Acquire::Retries=5 install --yes nftables
      CMD ["sleep", "infinity"]`,
    );
    return new FaultyNetwork(stage, image);
  }

  private constructor(stage: Stage, image: string) {
    this.#stage = stage;
    this.#image = image;
  }

  /** Runs something while each of these nodes has its fault, which then ends, whatever came of it. */
  async during(
    faults: readonly (readonly [ClusterNode, Fault])[],
    happen: () => Promise<unknown>,
  ): Promise<void> {
    const [first, ...rest] = faults;
    if (first === undefined) return void (await happen());
    const [node, fault] = first;
    await this.#nft(node, ruleset(fault));
    try {
      await this.during(rest, happen);
    } finally {
      await this.#nft(node, `delete table inet ${fault.name}`);
    }
  }

  /** How many packets of a node a fault has dropped so far. */
  async dropped(node: ClusterNode, { name }: Fault): Promise<number> {
    const counters = await this.#nft(node, `list table inet ${name}`);
    return [...counters.matchAll(/packets (\d+)/g)].reduce((sum, [, count]) => sum + Number(count), 0);
  }

  async #nft(node: ClusterNode, commands: string): Promise<string> {
    const beside = await this.#helperOf(node);
    const { exitCode, stdout, stderr } = await beside.exec(['nft', commands]);
    if (exitCode !== 0) throw new Error(`nft on ${node.name}: ${stderr}`);
    return stdout;
  }

  async #helperOf(node: ClusterNode): Promise<TestContainer> {
    const beside =
      this.#beside.get(node) ??
      this.#stage.run({
        image: this.#image,
        network: `container:${node.container.id}`,
        capAdd: ['NET_ADMIN'],
      });
    this.#beside.set(node, beside);
    return await beside;
  }
}

function ruleset({ name, ...rules }: Fault): string {
  return `table inet ${name} {
    chain in {
      type filter hook input priority 0
      ${rules.in.join('\n')}
    }
    chain out {
      type filter hook output priority 0
      ${rules.out.join('\n')}
    }
  }`;
}
