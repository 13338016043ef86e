import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { request, Stage, until } from '@rollcall/testkit';
import { workspace } from './packed.ts';
import { hostImage, SwarmHost } from './swarm-host.ts';

/** A registry that refuses at once: the hosts take the images that they have. */
const REGISTRY = '127.0.0.1:1';
const IMAGES = ['rollcall/haproxy', 'rollcall/webapp'];

/** A drain that a busy machine does not cut, and time for it. */
const PATIENT = { stop_grace_period: '120s', environment: { ROLLCALL_DRAIN_SECONDS: '60' } };
const PATIENTLY = { version: '3.9', services: { haproxy: PATIENT, webapp: PATIENT } };

/** Two hosts that are a Swarm and have our images. */
export class Swarm {
  readonly manager: SwarmHost;
  readonly worker: SwarmHost;
  readonly #stage: Stage;

  static async open(name: string): Promise<Swarm> {
    const stage = await Stage.open(name);
    try {
      const [image, network] = [await hostImage(stage), await stage.network()];
      const start = async (host: string) => {
        const started = await SwarmHost.start(stage, image, network, host);
        await started.load(IMAGES);
        for (const each of IMAGES) await started.docker('tag', each, `${REGISTRY}/${each}`);
        return started;
      };
      const [manager, worker] = await Promise.all([start('manager'), start('worker')]);
      // A host that says nothing for three times as long counts as down: a busy machine makes hosts slow.
      await manager.docker('swarm', 'init', '--dispatcher-heartbeat', '30s');
      const token = await manager.docker('swarm', 'join-token', '--quiet', 'worker');
      await worker.docker('swarm', 'join', '--token', token, `${manager.name}:2377`);
      await until(
        'both hosts to be ready',
        async () => await manager.docker('node', 'ls', '--format', '{{.Status}}'),
        { accept: (states) => states === 'Ready\nReady' },
      );
      return new Swarm(stage, manager, worker);
    } catch (error) {
      await stage.close();
      throw error;
    }
  }

  private constructor(stage: Stage, manager: SwarmHost, worker: SwarmHost) {
    this.#stage = stage;
    this.manager = manager;
    this.worker = worker;
  }

  /** The workspace's stack.yaml as the stack `rollcall`, and `more`: another stack file's text. */
  async deploy(more: string): Promise<void> {
    const texts = {
      '/stack.yaml': await readFile(join(workspace, 'stack.yaml'), 'utf8'),
      '/more.yaml': more,
      '/patiently.yaml': JSON.stringify(PATIENTLY),
    };
    await this.manager.writeFiles(texts);
    const files = Object.keys(texts).flatMap((path) => ['--compose-file', path]);
    const images = ['HAPROXY', 'WEBAPP'].map(
      (name) => `${name}_IMAGE=${REGISTRY}/rollcall/${name.toLowerCase()}`,
    );
    await this.manager.run(['env', ...images, 'docker', 'stack', 'deploy', '--detach', ...files, 'rollcall']);
  }

  /**
   * Waits until at each host exactly `count` web nodes answer: all that Swarm runs, and none of those that were there
   * before. @returns their names
   */
  async serving(
    count: number,
    { hosts = [this.manager, this.worker], before = [] as readonly string[] } = {},
  ): Promise<string[]> {
    const { running } = await until(
      `${count} web nodes to answer`,
      async () => {
        const [running, ...answering] = await Promise.all([
          this.#running(),
          ...hosts.map(({ url }) => answeringAt(url, count * 3)),
        ]);
        return { running, answering };
      },
      {
        // Swarm replaces one node after the other, each when the one before is healthy.
        limitMs: 400_000,
        everyMs: 500,
        accept: ({ running, answering }) =>
          running.length === count &&
          !running.some((name) => before.includes(name)) &&
          answering.every((names) => names.join() === running.join()),
      },
    );
    return running;
  }

  /** Runs a command in a container of a service, on the manager. @returns what it prints */
  async exec(service: string, ...argv: string[]): Promise<string> {
    const filter = `label=com.docker.swarm.service.name=rollcall_${service}`;
    const [container = ''] = (await this.manager.docker('ps', '--quiet', '--filter', filter)).split('\n');
    return await this.manager.docker('exec', container, ...argv);
  }

  async close(): Promise<void> {
    await this.#stage.close();
  }

  /** The web nodes that Swarm runs or is about to run, by the names that they have as nodes. */
  async #running(): Promise<string[]> {
    const tasks = await this.manager.docker(
      'service',
      'ps',
      '--quiet',
      '--filter',
      'desired-state=running',
      'rollcall_webapp',
    );
    const format = '{{.Status.ContainerStatus.ContainerID}}';
    const ids = await this.manager.docker('inspect', '--format', format, ...tasks.split('\n'));
    return ids
      .split('\n')
      .map((id) => id.slice(0, 12))
      .sort();
  }
}

async function answeringAt(url: string, requests: number): Promise<string[]> {
  const hosts = new Set<string>();
  for (let sent = 0; sent < requests; sent += 1) {
    const answer = await request(url);
    hosts.add(answer.status === 200 ? answer.json<{ host: string }>().host : `status ${answer.status}`);
  }
  return [...hosts].sort();
}
