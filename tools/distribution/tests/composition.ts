import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { connectEngine } from '@rollcall/engine';
import { request, Stage, until } from '@rollcall/testkit';
import { dockerTool } from './docker-tool.ts';
import { workspace } from './packed.ts';

/** The workspace's compose.yaml as a project of the test's own, on ports that are free. */
export class Composition {
  readonly #stage: Stage;
  readonly #compose: (...args: string[]) => Promise<string>;
  #url = '';

  /** @param env what compose.yaml takes from the environment */
  static async open(name: string, env: Readonly<Record<string, string>>): Promise<Composition> {
    const stage = await Stage.open(name);
    const [program, { host }, folder] = await Promise.all([
      dockerTool('docker-compose'),
      connectEngine({ workspace }),
      stage.folder(),
    ]);
    const labels = join(folder, 'labels.json');
    const labelled = { labels: stage.labels };
    const services = { haproxy: labelled, webapp: labelled };
    await writeFile(labels, JSON.stringify({ services, networks: { default: labelled } }));
    const files = ['-f', join(workspace, 'compose.yaml'), '-f', labels];
    return new Composition(stage, async (...args) => {
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
    });
  }

  private constructor(stage: Stage, compose: (...args: string[]) => Promise<string>) {
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
    await this.#compose('down', '--timeout', '10');
    await this.#stage.close();
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
