import { buffer } from 'node:stream/consumers';
import type { Container, ContainerInfo } from '@rollcall/engine';
import { archiveOf, type Files, firstFileOf } from './archive.ts';
import { demultiplex } from './demultiplex.ts';
import { TestkitError } from './errors.ts';
import { until } from './until.ts';

export interface ExecResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

export type Health = 'starting' | 'healthy' | 'unhealthy' | 'none';

/** A container of a stage. Made by `stage.create()` or `stage.run()`, removed by `stage.close()`. */
export class TestContainer {
  readonly id: string;
  readonly #container: Container;
  #started: ContainerInfo | undefined;

  constructor(container: Container) {
    this.id = container.id;
    this.#container = container;
  }

  async start(): Promise<void> {
    await this.#container.start();
    this.#started = await this.inspect();
  }

  /**
   * As `docker stop -t`: resolves when the container has ended. Docker's own 10 s are little on a machine that is busy with
   * tests. @returns its exit code
   */
  async stop({ timeoutSeconds = 60 } = {}): Promise<number> {
    await this.#container.stop({ t: timeoutSeconds }).catch(ignoreStatus(304));
    return await this.waitForExit();
  }

  /** As `docker kill`. Does not wait for the end. */
  async kill(signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    await this.#container.kill({ signal });
  }

  /** As `docker pause`. The kernel cannot freeze a process at every moment: an engine that gave up is asked again. */
  async pause(): Promise<void> {
    await until('the container to be paused', async () => {
      await this.#container.pause();
      return true;
    });
  }

  async unpause(): Promise<void> {
    await this.#container.unpause();
  }

  /** As `docker restart`. Published ports and the address may be others afterwards. */
  async restart({ timeoutSeconds = 10 } = {}): Promise<void> {
    await this.#container.restart({ t: timeoutSeconds });
    this.#started = await this.inspect();
  }

  /** Resolves at once for a container that has ended. @returns its exit code */
  async waitForExit(): Promise<number> {
    const { StatusCode } = await this.#container.wait();
    return StatusCode;
  }

  /** Runs a command in the running container to its end. No shell is involved. */
  async exec(argv: readonly string[], { user }: { user?: string } = {}): Promise<ExecResult> {
    const exec = await this.#container.exec({
      Cmd: [...argv],
      AttachStdout: true,
      AttachStderr: true,
      ...(user !== undefined && { User: user }),
    });
    const { stdout, stderr } = demultiplex(await buffer(await exec.start({})));
    // The streams may end a moment before the engine knows the exit code.
    const exitCode = await until(`the exit code of ${argv.join(' ')}`, async () => {
      const { Running, ExitCode } = await exec.inspect();
      return Running ? undefined : ExitCode;
    });
    return { exitCode, stdout, stderr };
  }

  /** A file's text, also from a container that is paused or has ended; undefined when there is none. */
  async readFile(path: string): Promise<string | undefined> {
    // The engine's archives do not show what is on a tmpfs, so a running container is asked itself.
    const result = await this.exec(['cat', path], { user: '0' }).catch(ignoreStatus(409));
    if (result?.exitCode === 0) return result.stdout;
    if (result?.stderr.includes('No such file')) return undefined;
    const archive = await this.#container.getArchive({ path }).catch(ignoreStatus(404));
    return archive && (await firstFileOf(archive));
  }

  async writeFiles(files: Files): Promise<void> {
    await this.#container.putArchive(await archiveOf(files), { path: '/' });
  }

  /** All output so far, both streams in the order in which the engine got them. */
  async logs(): Promise<string> {
    const raw = await this.#container.logs({ follow: false, stdout: true, stderr: true });
    return demultiplex(raw).both;
  }

  /** The JSON lines of the output that name this service. */
  async logsJson(service: string): Promise<Record<string, unknown>[]> {
    return (await this.logs()).split('\n').flatMap((line) => {
      const entry = parseJsonLine(line);
      return entry?.['service'] === service ? [entry] : [];
    });
  }

  async inspect(): Promise<ContainerInfo> {
    return await this.#container.inspect();
  }

  async health(): Promise<Health> {
    return ((await this.inspect()).State.Health?.Status ?? 'none') as Health;
  }

  /** The IPv4 address in the container's (first) network, as of its last start. */
  get address(): string {
    const networks = Object.values(this.#started?.NetworkSettings.Networks ?? {});
    const address = networks.find((network) => network.IPAddress)?.IPAddress;
    if (!address) throw new TestkitError('NOT_THERE', `Container ${this.id} has no address: is it running?`);
    return address;
  }

  /** Where on 127.0.0.1 a port of the container is published, as of its last start. */
  port(containerPort: number): number {
    const port = this.#started?.NetworkSettings.Ports[`${containerPort}/tcp`]?.[0]?.HostPort;
    if (!port) {
      throw new TestkitError(
        'NOT_THERE',
        `Container ${this.id} does not publish port ${containerPort}: name it in "ports" and start it.`,
      );
    }
    return Number(port);
  }
}

function parseJsonLine(line: string): Record<string, unknown> | undefined {
  if (!line.startsWith('{')) return undefined;
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

/** For answers of the engine that say that what was asked for is so already, or is not there. */
export function ignoreStatus(...statuses: number[]): (error: unknown) => undefined {
  return (error) => {
    if (statuses.includes((error as { statusCode?: number }).statusCode ?? 0)) return undefined;
    throw error;
  };
}
