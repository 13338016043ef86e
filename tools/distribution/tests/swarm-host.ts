import { buffer } from 'node:stream/consumers';
import type { Docker } from '@rollcall/engine';
import { type Stage, type TestContainer, until } from '@rollcall/testkit';

/** Where compose and stack files publish the balancer unless told otherwise. */
const WEB_PORT = 8080;

const DOCKERFILE = `FROM rollcall/os
RUN apt-get update && apt-get install --yes docker-cli docker.io iptables
VOLUME /var/lib/docker
`;

/**
 * The container's control groups become the engine's to divide. In those of version 2 a group that has processes
 * cannot be divided: they move into one of their own.
 */
const START = `set -eu
awk '$3 ~ /^cgroup/ { print $2 }' /proc/mounts | while read -r place; do mount -o remount,bind,rw "$place"; done
cd /sys/fs/cgroup
if test -e cgroup.controllers; then
  mkdir processes
  for process in $(cat cgroup.procs); do echo "$process" > processes/cgroup.procs || true; done
  sed 's/^/+/; s/ / +/g' cgroup.controllers > cgroup.subtree_control
fi
exec dockerd --log-level warn
`;

/** What dockerode has and its types do not. */
type SavesImages = Docker & {
  getImages(options: { names: readonly string[] }): Promise<NodeJS.ReadableStream>;
};

/** @returns the name of an image for hosts: Debian's Docker */
export async function hostImage(stage: Stage): Promise<string> {
  return await stage.image('host', DOCKERFILE);
}

/** A machine with a Docker engine of its own: a container. */
export class SwarmHost {
  readonly name: string;
  readonly #stage: Stage;
  readonly #container: TestContainer;

  /** @param image as `hostImage` gave it */
  static async start(stage: Stage, image: string, network: string, name: string): Promise<SwarmHost> {
    const container = await stage.run({
      image,
      network,
      hostname: name,
      aliases: [name],
      privileged: true,
      ports: [WEB_PORT],
      cmd: ['sh', '-c', START],
    });
    const host = new SwarmHost(stage, container, name);
    await until(`the engine of ${name}`, async () => await host.docker('version'));
    return host;
  }

  private constructor(stage: Stage, container: TestContainer, name: string) {
    this.#stage = stage;
    this.#container = container;
    this.name = name;
  }

  /** Where its port for clients is on this machine. */
  get url(): string {
    return `http://127.0.0.1:${this.#container.port(WEB_PORT)}`;
  }

  /** Runs the docker command of the host. @returns what it prints, without blanks around it */
  async docker(...args: string[]): Promise<string> {
    return await this.run(['docker', ...args]);
  }

  async run(argv: readonly string[]): Promise<string> {
    const { exitCode, stdout, stderr } = await this.#container.exec(argv);
    if (exitCode === 0) return stdout.trim();
    throw new Error(`${argv.join(' ')} on ${this.name} ended with code ${exitCode}: ${stderr || stdout}`);
  }

  async writeFiles(files: Readonly<Record<string, string>>): Promise<void> {
    await this.#container.writeFiles(files);
  }

  /** Gives its engine images of ours, as `docker save | docker load` does. */
  async load(images: readonly string[]): Promise<void> {
    const { docker } = this.#stage;
    const archive = await (docker as SavesImages).getImages({ names: images });
    const exec = await docker.getContainer(this.#container.id).exec({
      Cmd: ['docker', 'load', '--quiet'],
      AttachStdin: true,
      AttachStdout: true,
      AttachStderr: true,
    });
    const stream = await exec.start({ hijack: true, stdin: true });
    const printed = buffer(stream);
    archive.pipe(stream);
    await printed;
    const code = await until('the exit code of docker load', async () => {
      const { Running, ExitCode } = await exec.inspect();
      return Running ? undefined : ExitCode;
    });
    if (code !== 0) throw new Error(`docker load on ${this.name} ended with code ${code}: ${await printed}`);
  }
}
