import { isDeepStrictEqual } from 'node:util';
import {
  type Balancer,
  Cluster,
  type ClusterNode,
  type NodeOptions,
  TestkitError,
  until,
} from '@rollcall/testkit';
import type { Browser } from 'playwright-core';
import { hold } from '../errors.ts';
import type { Notebook } from '../notebook.ts';
import { dockerPs } from './docker-ps.ts';
import { LIST_PROCESSES, type Process, parseProcesses } from './process-tree.ts';
import { pictureOfStats, type Shown } from './stats-page.ts';

const STATS_PORT = 1936;
/** A limit for what hangs, more than the longest drain: a machine that is busy with other things makes nobody kill a node. */
const STOP_LIMIT_SECONDS = 360;

/** What every task works with. */
export interface Tools {
  readonly notebook: Notebook;
  readonly browser: Browser;
  /** Gets a line for each step. */
  readonly say: (line: string) => void;
}

/** The containers of one task, and the ways to look at them that the report asks for. */
export class Room {
  readonly cluster: Cluster;
  readonly #folder: string;
  readonly #tools: Tools;

  /** @param folder of the deliverables: `task-N` */
  static async open(folder: string, tools: Tools): Promise<Room> {
    return new Room(await Cluster.open(`lab-${folder}`), folder, tools);
  }

  private constructor(cluster: Cluster, folder: string, tools: Tools) {
    this.cluster = cluster;
    this.#folder = folder;
    this.#tools = tools;
  }

  async close(): Promise<void> {
    await this.cluster.close();
  }

  async balancer(options: NodeOptions = {}): Promise<Balancer> {
    return await this.cluster.balancer('ha', { name: await this.#containerName('ha'), ...options });
  }

  async web(name: string, options: NodeOptions = {}): Promise<ClusterNode> {
    return await this.cluster.web(name, { name: await this.#containerName(name), ...options });
  }

  /** `docker stop`: the node goes by itself, and nothing in it has to be killed. */
  async stop({ name, container }: ClusterNode): Promise<void> {
    const exitCode = await container.stop({ timeoutSeconds: STOP_LIMIT_SECONDS });
    hold(exitCode === 0, `docker stop ends ${name} with exit code 0`, exitCode);
    this.say(`docker stop: ${name} ended with exit code 0`);
  }

  say(line: string): void {
    this.#tools.say(`  ${line}`);
  }

  /** Waits until these nodes, and no others, are in service in every place that shows them, and answer. */
  async untilInService(ha: Balancer, ...names: readonly string[]): Promise<void> {
    const everywhere = {
      '/nodes': names,
      'haproxy.cfg': names,
      'the stats page': names.map((name) => `${name} UP`),
      answers: names,
    };
    await until(
      `${names.join(', ') || 'no node'} in service, and nobody else`,
      async () => ({
        '/nodes': await ha.registered(),
        'haproxy.cfg': await ha.configured(),
        'the stats page': (await ha.stats()).map(({ server, status }) => `${server} ${status}`).sort(),
        answers: await ha.answering(names.length),
      }),
      { accept: (seen) => isDeepStrictEqual(seen, everywhere) },
    );
    this.say(`in service: ${names.join(', ') || 'nobody'}`);
  }

  async save(file: string, content: string | Buffer): Promise<void> {
    await this.#tools.notebook.write(`${this.#folder}/${file}`, content);
    this.say(`wrote ${file}`);
  }

  /** The real stats page in a real browser, showing these servers in these states. */
  async savePicture(file: string, ha: Balancer, shown: Readonly<Record<string, Shown>>): Promise<void> {
    const url = `http://127.0.0.1:${ha.container.port(STATS_PORT)}`;
    await this.save(file, await pictureOfStats(this.#tools.browser, url, shown));
  }

  async saveLogs(file: string, { container }: ClusterNode): Promise<void> {
    await this.save(file, await container.logs());
  }

  async saveConfig(file: string, ha: Balancer): Promise<void> {
    await this.save(file, await ha.config());
  }

  async saveNodes(file: string, ha: Balancer): Promise<void> {
    await this.save(file, `${(await ha.registered()).join('\n')}\n`);
  }

  async saveDockerPs(file: string): Promise<void> {
    const label = Object.entries(this.cluster.stage.labels).map(([name, value]) => `${name}=${value}`);
    const containers = await this.cluster.stage.docker.listContainers({ filters: { label } });
    await this.save(file, dockerPs(containers, Date.now()));
  }

  /** As `docker inspect` prints it, without the key that the cluster was given. */
  async saveInspect(file: string, { container }: ClusterNode): Promise<void> {
    const text = JSON.stringify([await container.inspect()], null, 4)
      .replaceAll(this.cluster.gossipKey, '<gossip key>')
      .replace(/"[^"]*(?=\/netns\/)/, '"<exec root>');
    await this.save(file, `${text}\n`);
  }

  async processes({ name, container }: ClusterNode): Promise<Process[]> {
    const { exitCode, stdout, stderr } = await container.exec(['node', '-e', LIST_PROCESSES]);
    if (exitCode === 0) return parseProcesses(stdout);
    throw new TestkitError('NOT_THERE', `The processes of ${name} could not be listed: ${stderr}`);
  }

  /** The report's name where it is free: another cluster on this engine may have it. */
  async #containerName(name: string): Promise<string> {
    const there = await this.cluster.stage.docker.listContainers({ all: true });
    const taken = there.some(({ Names }) => Names.includes(`/${name}`));
    return taken ? `${this.cluster.stage.id}-${name}` : name;
  }
}
