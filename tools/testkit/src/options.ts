import type { Docker } from '@rollcall/engine';
import type { Files } from './archive.ts';

export interface ContainerOptions {
  readonly image: string;
  /** Unique name on the engine. Default: one that the engine makes up. */
  readonly name?: string;
  readonly hostname?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly cmd?: readonly string[];
  /** A network's name, as given by `stage.network()`, or `container:ID` for another's. Default: the engine's own bridge. */
  readonly network?: string;
  /** Further names of the container in `network`. */
  readonly aliases?: readonly string[];
  /** TCP ports in the container, each published on 127.0.0.1 on a port that is free. */
  readonly ports?: readonly number[];
  readonly readOnly?: boolean;
  /** Path -> mount options, such as `mode=1777,size=1m`. */
  readonly tmpfs?: Readonly<Record<string, string>>;
  /** `uid[:gid]` or a name that the image knows. */
  readonly user?: string;
  /** Written before the start. The engine refuses this together with `readOnly`. */
  readonly files?: Files;
  /** Bytes. */
  readonly memory?: number;
  readonly capAdd?: readonly string[];
  /**
   * Lets the container do what its machine's root may, such as run an engine of its own. As `docker run --privileged`, but
   * without the right to raise limits, which a machine that is a container itself often lacks and Docker insists on.
   */
  readonly privileged?: boolean;
  /** Name, such as `nofile` -> soft and hard limit. */
  readonly ulimits?: Readonly<Record<string, number>>;
  readonly labels?: Readonly<Record<string, string>>;
  /** How often the image's health check is run; `never` for none. Default: as the image says. */
  readonly healthCheck?: { readonly everySeconds: number } | 'never';
}

const PRIVILEGED = {
  CapAdd: ['ALL'],
  CapDrop: ['SYS_RESOURCE'],
  SecurityOpt: ['seccomp=unconfined', 'apparmor=unconfined', 'label=disable'],
  MaskedPaths: [],
  ReadonlyPaths: [],
  DeviceCgroupRules: ['a *:* rwm'],
};

/** The engine's own words for these options. `labels` mark the container as the stage's. */
export function createOptions(
  options: ContainerOptions,
  labels: Readonly<Record<string, string>>,
): Parameters<Docker['createContainer']>[0] {
  const ports = (options.ports ?? []).map((port) => `${port}/tcp`);
  const { name, hostname, cmd, user, network, healthCheck } = options;
  return {
    Image: options.image,
    ...(name !== undefined && { name }),
    ...(hostname !== undefined && { Hostname: hostname }),
    ...(cmd !== undefined && { Cmd: [...cmd] }),
    ...(user !== undefined && { User: user }),
    ...(healthCheck !== undefined && {
      Healthcheck:
        healthCheck === 'never' ? { Test: ['NONE'] } : { Interval: healthCheck.everySeconds * 1e9 },
    }),
    Env: Object.entries(options.env ?? {}).map(([variable, value]) => `${variable}=${value}`),
    Labels: { ...options.labels, ...labels },
    ExposedPorts: Object.fromEntries(ports.map((port) => [port, {}])),
    HostConfig: {
      PortBindings: Object.fromEntries(ports.map((port) => [port, [{ HostIp: '127.0.0.1', HostPort: '' }]])),
      ReadonlyRootfs: options.readOnly ?? false,
      Tmpfs: { ...options.tmpfs },
      Memory: options.memory ?? 0,
      CapAdd: [...(options.capAdd ?? [])],
      ...(options.privileged && PRIVILEGED),
      Ulimits: Object.entries(options.ulimits ?? {}).map(([Name, limit]) => ({
        Name,
        Soft: limit,
        Hard: limit,
      })),
      ...(network !== undefined && { NetworkMode: network }),
    },
    // The engine refuses names in a network that is another container's.
    ...(network !== undefined &&
      !network.startsWith('container:') && {
        NetworkingConfig: { EndpointsConfig: { [network]: { Aliases: [...(options.aliases ?? [])] } } },
      }),
  };
}
