import { fileURLToPath } from 'node:url';
import { buildImage, connectEngine } from '@rollcall/engine';
import { request, type Stage, threeFreePorts } from '@rollcall/testkit';
import type { Overview } from '../src/overview.ts';
import { type Outcome, run, succeed } from './terminal.ts';

const workspace = fileURLToPath(new URL('../../..', import.meta.url));

/** Commands that wait for nodes: on a busy machine that takes as long as it takes. */
const WAITING = ['up', 'scale', 'deploy', 'add'];

/** A cluster that `rollcall` is to make: its name, its ports, and what can be seen of it from outside. */
export class ClusterUnderTest {
  readonly stage: Stage;
  /** Unique on the engine. */
  readonly name: string;
  /** Free when they were chosen. */
  readonly http: string;
  readonly stats: string;
  /** For a route by TCP. */
  readonly tcp: string;

  static async open(stage: Stage, suffix = ''): Promise<ClusterUnderTest> {
    return new ClusterUnderTest(stage, `${stage.id}${suffix}`, await threeFreePorts());
  }

  private constructor(stage: Stage, name: string, [http, stats, tcp]: [string, string, string]) {
    this.stage = stage;
    this.name = name;
    this.http = http;
    this.stats = stats;
    this.tcp = tcp;
  }

  async close(): Promise<void> {
    await run('down', '--cluster', this.name);
  }

  /** Runs a command on this cluster. */
  async run(command: string, ...words: string[]): Promise<Outcome> {
    return await run(command, ...words, '--cluster', this.name);
  }

  /** Runs a command on this cluster that must succeed. @returns its result */
  async succeed(command: string, ...words: string[]): Promise<string> {
    const patience = WAITING.includes(command) ? ['--ready-limit', '600'] : [];
    return await succeed(command, ...words, ...patience, '--cluster', this.name);
  }

  async up(...words: string[]): Promise<string> {
    return await this.succeed('up', '--http', this.http, '--stats', this.stats, ...words);
  }

  async ps(): Promise<Overview> {
    return JSON.parse(await this.succeed('ps', '--json')) as Overview;
  }

  /** Node -> container: what stays the same where nothing is done. */
  async containers(): Promise<Record<string, string | undefined>> {
    const { nodes } = await this.ps();
    return Object.fromEntries(nodes.map(({ node, container }) => [node, container?.id]));
  }

  /**
   * The nodes that answer through a balancer, by enough requests for each to get several.
   *
   * @param host whom the requests are for
   */
  async answering(port = this.http, host = '127.0.0.1'): Promise<string[]> {
    const hosts = new Set<string>();
    for (let sent = 0; sent < 16; sent += 1) {
      const answer = await request(`http://127.0.0.1:${port}/`, { headers: { host } });
      hosts.add(answer.status === 200 ? answer.json<{ host: string }>().host : `status ${answer.status}`);
    }
    return [...hosts].sort();
  }

  /** All that the engine has of it. */
  async leftovers(): Promise<string[]> {
    const filters = { label: [`rollcall.cluster=${this.name}`] };
    const containers = await this.stage.docker.listContainers({ all: true, filters });
    const networks = await this.stage.docker.listNetworks({ filters });
    return [...containers.flatMap(({ Names }) => Names), ...networks.map(({ Name }) => Name)];
  }
}

/**
 * Sends requests through the balancer, on new connections, for as long as something is done.
 *
 * @param hosts whom they are for
 * @returns what became of those that were not answered with 200
 */
export async function lostDuring(
  { http }: ClusterUnderTest,
  act: () => Promise<unknown>,
  hosts: readonly string[] = ['127.0.0.1', '127.0.0.1'],
): Promise<string[]> {
  const lost: string[] = [];
  let isOver = false;
  const send = async (host: string) => {
    while (!isOver) {
      const answer = await request(`http://127.0.0.1:${http}/`, { headers: { host } }).then(
        ({ status }) => `status ${status}`,
        String,
      );
      if (answer !== 'status 200') lost.push(`${host}: ${answer}`);
    }
  };
  const senders = hosts.map(send);
  try {
    await act();
  } finally {
    isOver = true;
    await Promise.all(senders);
  }
  return lost;
}

/** An image like the web nodes', with one more line in its Dockerfile. @returns its name */
export async function imageWith(stage: Stage, tag: string, line: string): Promise<string> {
  const image = `${stage.id}:${tag}`;
  stage.ownImage(image);
  await buildImage(await connectEngine({ workspace }), {
    context: new Map([['Dockerfile', { content: `FROM rollcall/webapp\n${line}\n` }]]),
    dockerfile: 'Dockerfile',
    tags: [image],
    labels: stage.labels,
    onLine: () => undefined,
  });
  return image;
}
