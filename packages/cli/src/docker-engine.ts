import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import type Dockerode from 'dockerode';
import { archiveOf, firstFileOf } from './archive.ts';
import type { ContainerState, Environment, WantedContainer } from './cluster.ts';
import { createOptions } from './create-options.ts';
import type {
  ContainerLife,
  Engine,
  EngineContainer,
  EngineNetwork,
  ExecResult,
  FileForContainer,
  LogOptions,
} from './engine.ts';
import { engineError, statusOf } from './engine-error.ts';
import { type Frame, framesOf, linesOf } from './output-frames.ts';

/** How often a command that has ended is asked for its exit code, in ms: its output may end a moment before it. */
const EXIT_CODE_EVERY_MS = 20;

/** A Docker engine, or one that speaks its API. */
export class DockerEngine implements Engine {
  readonly host: string;
  readonly #docker: Dockerode;

  constructor(docker: Dockerode, host: string) {
    this.#docker = docker;
    this.host = host;
  }

  get isLocal(): boolean {
    return this.host.startsWith('unix:');
  }

  async containers(): Promise<EngineContainer[]> {
    const all = await this.#ask('list its containers', this.#docker.listContainers({ all: true }));
    return all.map(asContainer);
  }

  async network(name: string): Promise<EngineNetwork | undefined> {
    const all = await this.#ask('list its networks', this.#docker.listNetworks());
    const found = all.find((network) => network.Name === name);
    return found && { id: found.Id, labels: found.Labels ?? {} };
  }

  async networkUsers(id: string): Promise<string[]> {
    const { Containers } = await this.#ask('look at a network', this.#docker.getNetwork(id).inspect());
    return Object.values(Containers ?? {}).map(({ Name }) => Name);
  }

  async createNetwork(name: string, labels: Readonly<Record<string, string>>): Promise<void> {
    const options = { Name: name, CheckDuplicate: true, Labels: labels };
    await this.#ask(`make the network ${name}`, this.#docker.createNetwork(options));
  }

  async removeNetwork(id: string): Promise<void> {
    await this.#ask('remove a network', this.#docker.getNetwork(id).remove());
  }

  async connect(network: string, containerId: string): Promise<void> {
    const connected = this.#docker.getNetwork(network).connect({ Container: containerId });
    await this.#ask(`connect a container to the network ${network}`, connected);
  }

  async disconnect(network: string, containerId: string): Promise<void> {
    const disconnected = this.#docker.getNetwork(network).disconnect({ Container: containerId });
    await this.#ask(`disconnect a container from the network ${network}`, disconnected, [404]);
  }

  async imageId(name: string): Promise<string | undefined> {
    return (await this.#image(name))?.Id;
  }

  async imageVariables(name: string): Promise<Environment> {
    const variables = (await this.#image(name))?.Config.Env ?? [];
    return Object.fromEntries(
      variables.map((each) => {
        const at = each.indexOf('=');
        return [each.slice(0, at), each.slice(at + 1)];
      }),
    );
  }

  async #image(name: string): Promise<Dockerode.ImageInspectInfo | undefined> {
    return await this.#ask(`look at the image ${name}`, this.#docker.getImage(name).inspect(), [404]);
  }

  async create(cluster: string, container: WantedContainer): Promise<string> {
    const { imageId, spec } = container;
    // By its name where that still means the image that is wanted: lists of containers then show the name.
    const isCurrent = (await this.imageId(spec.image)) === imageId;
    const options = { ...createOptions(cluster, container), Image: isCurrent ? spec.image : imageId };
    const created = this.#docker.createContainer(options);
    const { id } = await this.#ask(`make the container ${options.name}`, created);
    return id;
  }

  async putFile(id: string, file: FileForContainer): Promise<void> {
    const put = this.#docker.getContainer(id).putArchive(await archiveOf(file), { path: '/' });
    await this.#ask(`put ${file.path} into a container`, put);
  }

  async readFile(id: string, path: string): Promise<string | undefined> {
    const reading = this.#docker.getContainer(id).getArchive({ path });
    const archive = await this.#ask(`read ${path} from a container`, reading, [404]);
    return archive && (await firstFileOf(archive as Readable));
  }

  async start(id: string): Promise<void> {
    await this.#ask('start a container', this.#docker.getContainer(id).start(), [304]);
  }

  async stop(id: string): Promise<void> {
    await this.#ask('stop a container', this.#docker.getContainer(id).stop(), [304, 404]);
  }

  async remove(id: string): Promise<void> {
    // 409: somebody else is removing it at this moment.
    const removed = this.#docker.getContainer(id).remove({ force: true, v: true });
    await this.#ask('remove a container', removed, [404, 409]);
  }

  async life(id: string): Promise<ContainerLife> {
    const { Created, State, RestartCount } = await this.#ask(
      'look at a container',
      this.#docker.getContainer(id).inspect(),
    );
    return {
      state: State.Status as ContainerState,
      createdAt: new Date(Created),
      exitCode: State.ExitCode,
      outOfMemory: State.OOMKilled,
      restarts: RestartCount,
      startedAt: asDate(State.StartedAt),
      endedAt: asDate(State.FinishedAt),
    };
  }

  async exec(id: string, command: readonly string[]): Promise<ExecResult | undefined> {
    const options = { Cmd: [...command], AttachStdout: true, AttachStderr: true };
    const what = `run ${command.join(' ')} in a container`;
    const exec = await this.#ask(what, this.#docker.getContainer(id).exec(options), [404, 409]);
    const output = exec && (await this.#ask(what, exec.start({}), [404, 409]));
    if (!exec || !output) return undefined;
    const { stdout, stderr } = await this.#ask(what, textOf(framesOf(output as Readable)));
    for (;;) {
      const { Running, ExitCode } = await this.#ask(what, exec.inspect());
      if (!Running) return { exitCode: ExitCode ?? 0, stdout, stderr };
      await sleep(EXIT_CODE_EVERY_MS);
    }
  }

  async *logs(id: string, { follow, tail, timestamps = false, signal }: LogOptions): AsyncGenerator<string> {
    const container = this.#docker.getContainer(id);
    const lines = tail === 'all' ? {} : { tail };
    const options = { stdout: true, stderr: true, timestamps, ...lines };
    const what = "read a container's log";
    if (!follow) {
      const all = await this.#ask(what, container.logs({ ...options, follow: false }));
      yield* linesOf(framesOf(once(all)));
      return;
    }
    const given = { ...options, follow: true as const, ...(signal && { abortSignal: signal }) };
    const stream = (await this.#ask(what, container.logs(given))) as Readable;
    try {
      yield* linesOf(framesOf(stream));
    } catch (error) {
      if (!signal?.aborted) throw engineError(this.host, what, error);
    } finally {
      stream.destroy();
    }
  }

  /** Waits for an answer; one of the given statuses means that there is nothing to do, or nothing there. */
  #ask<T>(what: string, answer: Promise<T>): Promise<T>;
  #ask<T>(what: string, answer: Promise<T>, nothing: readonly number[]): Promise<T | undefined>;
  async #ask<T>(what: string, answer: Promise<T>, nothing: readonly number[] = []): Promise<T | undefined> {
    try {
      return await answer;
    } catch (error) {
      if (nothing.includes(statusOf(error) ?? 0)) return undefined;
      throw engineError(this.host, what, error);
    }
  }
}

function asContainer(summary: Dockerode.ContainerInfo): EngineContainer {
  const ports = summary.Ports ?? [];
  return {
    id: summary.Id,
    name: (summary.Names[0] ?? summary.Id).replace(/^\//, ''),
    imageId: summary.ImageID,
    labels: summary.Labels ?? {},
    state: summary.State as ContainerState,
    createdAt: new Date(summary.Created * 1000),
    networkMode: summary.HostConfig?.NetworkMode ?? '',
    networks: Object.keys(summary.NetworkSettings?.Networks ?? {}),
    published: ports.flatMap(({ IP, PublicPort, Type }) =>
      PublicPort !== undefined && Type === 'tcp' ? [{ bind: IP ?? '0.0.0.0', port: PublicPort }] : [],
    ),
  };
}

/** The engine writes the year 1 for what has not happened. */
function asDate(text: string): Date | undefined {
  const date = new Date(text);
  return date.getTime() > 0 ? date : undefined;
}

async function textOf(frames: AsyncIterable<Frame>): Promise<{ stdout: string; stderr: string }> {
  const parts: Record<Frame['stream'], Buffer[]> = { stdout: [], stderr: [] };
  for await (const { stream, bytes } of frames) parts[stream].push(bytes);
  return { stdout: Buffer.concat(parts.stdout).toString(), stderr: Buffer.concat(parts.stderr).toString() };
}

async function* once<T>(value: T): AsyncGenerator<T> {
  yield value;
}
