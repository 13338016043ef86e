import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { connectEngine } from '@rollcall/engine';
import { request, Stage, until } from '@rollcall/testkit';
import { dockerTool } from './docker-tool.ts';
import { workspace } from './packed.ts';

/** Runs `docker compose` with the stage's project. @returns what it prints */
type Compose = (...args: string[]) => Promise<string>;

/** A drain that a busy machine does not cut, and time for it. */
const PATIENT = { stop_grace_period: '120s', environment: { ROLLCALL_DRAIN_SECONDS: '60' } };

/** The workspace's compose.yaml as a project of the test's own, on ports that are free. */
export class Composition {
  readonly #stage: Stage;
  readonly #compose: Compose;
  #url = '';

  /** @param env what compose.yaml takes from the environment */
  static async open(name: string, env: Readonly<Record<string, string>>): Promise<Composition> {
    const stage = await Stage.open(name);
    try {
      return new Composition(stage, await composeFor(stage, env));
    } catch (error) {
      await stage.close();
      throw error;
    }
  }

  private constructor(stage: Stage, compose: Compose) {
    this.#stage = stage;
    this.#compose = compose;
  }

  /** `docker compose up --scale webapp=COUNT`, then waits until exactly so many nodes answer. @returns their names */
  async scale(count: number): Promise<string[]> {
    await this.#compose('up', '--detach', '--scale', `webapp=${count}`);
    this.#url = `http://${await this.#compose('port', 'haproxy', '80')}`;
    const wanted = await this.ids('webapp');
    return await until(`answers of ${wanted.join(', ')}`, () => this.#answering(count * 3), {
      accept: (seen) => seen.join() === wanted.join(),
    });
  }

  /** The containers of a service, by the names that they have as nodes. */
  async ids(service: string): Promise<string[]> {
    const ids = (await this.#compose('ps', '--quiet', service)).split('\n').filter(Boolean);
    return ids.map((id) => id.slice(0, 12)).sort();
  }

  async exec(service: string, ...argv: string[]): Promise<string> {
    return await this.#compose('exec', '-T', service, ...argv);
  }

  /** Where the balancer answers. */
  get url(): string {
    return this.#url;
  }

  async close(): Promise<void> {
    try {
      await this.#compose('down', '--timeout', '10');
    } finally {
      await this.#stage.close();
    }
  }

  async #answering(requests: number): Promise<string[]> {
    const hosts = new Set<string>();
    for (let sent = 0; sent < requests; sent += 1) {
      const answer = await request(this.#url);
      hosts.add(answer.status === 200 ? answer.json<{ host: string }>().host : `status ${answer.status}`);
    }
    return [...hosts].sort();
  }
}

async function composeFor(stage: Stage, env: Readonly<Record<string, string>>): Promise<Compose> {
  const [program, { host }, folder] = await Promise.all([
    dockerTool('docker-compose'),
    connectEngine({ workspace }),
    stage.folder(),
  ]);
  const override = join(folder, 'override.json');
  const labelled = { labels: stage.labels };
  const service = { ...labelled, ...PATIENT };
  const services = { haproxy: service, webapp: service };
  await writeFile(override, JSON.stringify({ services, networks: { default: labelled } }));
  const files = ['-f', join(workspace, 'compose.yaml'), '-f', override];
  return async (...args) => {
    const { stdout } = await promisify(execFile)(program, ['-p', stage.id, ...files, ...args], {
      env: {
        ...process.env,
        DOCKER_HOST: host,
        PUBLISH_HTTP: '127.0.0.1:',
        PUBLISH_STATS: '127.0.0.1:',
        ...env,
      },
    });
    return stdout.trim();
  };
}
