/// <reference path="./untyped-modules.d.ts" />
import type { Duplex, Readable, Writable } from 'node:stream';
import Dockerode from 'dockerode';

/** What the Engine API answers; the fields Rollcall reads have types, others are `unknown` until they are needed. */
export interface ContainerInfo {
  Id: string;
  Name: string;
  Created: string;
  Image: string;
  State: {
    Status: 'created' | 'running' | 'paused' | 'restarting' | 'removing' | 'exited' | 'dead';
    Running: boolean;
    OOMKilled: boolean;
    Pid: number;
    ExitCode: number;
    Error: string;
    StartedAt: string;
    FinishedAt: string;
    Health?: {
      Status: 'starting' | 'healthy' | 'unhealthy';
      FailingStreak: number;
      Log: { Output: string }[];
    };
  };
  Config: {
    Hostname: string;
    Image: string;
    User: string;
    Env: string[] | null;
    Cmd: string[] | null;
    Entrypoint: string[] | null;
    Labels: Record<string, string>;
  };
  HostConfig: { [option: string]: unknown };
  NetworkSettings: {
    Ports: Record<string, { HostIp: string; HostPort: string }[] | null>;
    Networks: Record<
      string,
      { NetworkID: string; IPAddress: string; Gateway: string; Aliases: string[] | null }
    >;
  };
}

export interface ContainerSummary {
  Id: string;
  Names: string[];
  Image: string;
  ImageID: string;
  Created: number;
  State: string;
  Status: string;
  Labels: Record<string, string>;
  Ports: { IP?: string; PrivatePort: number; PublicPort?: number; Type: string }[];
  NetworkSettings: { Networks: Record<string, { NetworkID: string; IPAddress: string }> };
}

export interface ImageInfo {
  Id: string;
  Parent: string;
  RepoTags: string[] | null;
  Created: string;
  Size: number;
  Architecture: string;
  Config: {
    User: string;
    Env: string[] | null;
    Cmd: string[] | null;
    Entrypoint: string[] | null;
    Labels: Record<string, string> | null;
    StopSignal?: string;
    ExposedPorts?: Record<string, object>;
    [option: string]: unknown;
  };
  RootFS: { Type: string; Layers: string[] };
}

export interface NetworkInfo {
  Id: string;
  Name: string;
  Driver: string;
  Labels: Record<string, string>;
  IPAM: { Config: { Subnet?: string; Gateway?: string }[] };
  Containers?: Record<string, { Name: string; IPv4Address: string }>;
}

/** Options go to the Engine API as they are: https://docs.docker.com/reference/api/engine/ */
export interface ApiOptions {
  abortSignal?: AbortSignal;
  [option: string]: unknown;
}

export interface Exec {
  id: string;
  start(options: ApiOptions): Promise<Duplex>;
  inspect(): Promise<{ Running: boolean; ExitCode: number | null; Pid: number }>;
}

export interface Container {
  id: string;
  start(options?: ApiOptions): Promise<unknown>;
  stop(options?: ApiOptions & { t?: number }): Promise<unknown>;
  restart(options?: ApiOptions & { t?: number }): Promise<unknown>;
  kill(options?: ApiOptions & { signal?: string }): Promise<unknown>;
  pause(options?: ApiOptions): Promise<unknown>;
  unpause(options?: ApiOptions): Promise<unknown>;
  remove(options?: ApiOptions & { force?: boolean; v?: boolean }): Promise<unknown>;
  rename(options: ApiOptions & { name: string }): Promise<unknown>;
  update(options: ApiOptions): Promise<unknown>;
  inspect(options?: ApiOptions): Promise<ContainerInfo>;
  wait(options?: ApiOptions): Promise<{ StatusCode: number }>;
  top(options?: ApiOptions): Promise<{ Titles: string[]; Processes: string[][] }>;
  stats(options: ApiOptions & { stream: false }): Promise<Record<string, unknown>>;
  logs(options: ApiOptions & { follow: true }): Promise<Readable>;
  logs(options: ApiOptions & { follow?: false }): Promise<Buffer>;
  attach(options: ApiOptions): Promise<Duplex>;
  exec(options: ApiOptions & { Cmd: string[] }): Promise<Exec>;
  getArchive(options: ApiOptions & { path: string }): Promise<Readable>;
  putArchive(archive: Readable | Buffer, options: ApiOptions & { path: string }): Promise<unknown>;
}

export interface Image {
  id: string;
  inspect(options?: ApiOptions): Promise<ImageInfo>;
  history(): Promise<
    { Id: string; Created: number; CreatedBy: string; Size: number; Tags: string[] | null }[]
  >;
  tag(options: ApiOptions & { repo: string; tag: string }): Promise<unknown>;
  remove(options?: ApiOptions & { force?: boolean }): Promise<unknown>;
}

export interface Network {
  id: string;
  inspect(options?: ApiOptions): Promise<NetworkInfo>;
  connect(options: ApiOptions & { Container: string }): Promise<unknown>;
  disconnect(options: ApiOptions & { Container: string; Force?: boolean }): Promise<unknown>;
  remove(options?: ApiOptions): Promise<unknown>;
}

/** One event of a pull or build, as the engine streams it. */
export interface ProgressEvent {
  stream?: string;
  status?: string;
  id?: string;
  progress?: string;
  error?: string;
  aux?: unknown;
}

/** The Engine API client: dockerode, with types. A refused call rejects with an `Error` that has `statusCode`. */
export interface Docker {
  modem: { demuxStream(stream: Readable, stdout: Writable, stderr: Writable): void };
  ping(options?: ApiOptions): Promise<Buffer>;
  version(options?: ApiOptions): Promise<{
    Version: string;
    ApiVersion: string;
    Arch: string;
    KernelVersion?: string;
    Components?: { Name: string; Version: string }[];
  }>;
  info(options?: ApiOptions): Promise<Record<string, unknown>>;
  getEvents(options?: ApiOptions): Promise<Readable>;
  createContainer(options: ApiOptions & { name?: string; Image: string }): Promise<Container>;
  getContainer(id: string): Container;
  listContainers(options?: ApiOptions & { all?: boolean }): Promise<ContainerSummary[]>;
  getImage(name: string): Image;
  listImages(
    options?: ApiOptions,
  ): Promise<
    { Id: string; RepoTags: string[] | null; Labels: Record<string, string> | null; Size: number }[]
  >;
  buildImage(context: Readable, options: ApiOptions): Promise<Readable>;
  importImage(archive: Readable, options: ApiOptions): Promise<Readable>;
  pull(name: string, options?: ApiOptions): Promise<Readable>;
  pruneImages(options?: ApiOptions): Promise<unknown>;
  createNetwork(options: ApiOptions & { Name: string }): Promise<Network>;
  getNetwork(id: string): Network;
  listNetworks(options?: ApiOptions): Promise<NetworkInfo[]>;
  createVolume(options?: ApiOptions): Promise<unknown>;
  getVolume(name: string): { remove(options?: ApiOptions): Promise<unknown> };
  listVolumes(options?: ApiOptions): Promise<{ Volumes: { Name: string; Labels: Record<string, string> }[] }>;
  /** Reads a pull's or build's stream to its end; BuildKit's messages arrive as `stream` lines. */
  followProgress(
    stream: Readable,
    onFinished: (error: Error | null, events: ProgressEvent[]) => void,
    onProgress?: (event: ProgressEvent) => void,
  ): void;
}

/** A client for one unix socket, whatever `DOCKER_HOST` says. */
export function dockerAt(socketPath: string): Docker {
  // docker-modem takes `host` from DOCKER_HOST and prefers it to a socket unless it is overridden.
  return new Dockerode({ socketPath, host: undefined }) as Docker;
}

/** A client for what `DOCKER_HOST`, `DOCKER_TLS_VERIFY` and `DOCKER_CERT_PATH` in this process' environment say. */
export function dockerGiven(): Docker {
  return new Dockerode() as Docker;
}
