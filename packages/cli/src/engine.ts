import type { ContainerState, Environment, WantedContainer } from './cluster.ts';

/** A container on the engine, whoever made it. */
export interface EngineContainer {
  readonly id: string;
  readonly name: string;
  readonly imageId: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly state: ContainerState;
  readonly createdAt: Date;
  /** As the engine names it: a network, `host`, `none`, or `container:ID` for another's. */
  readonly networkMode: string;
  /** The networks that it is connected to. */
  readonly networks: readonly string[];
  /** TCP ports of the engine's machine that lead to it. */
  readonly published: readonly { readonly bind: string; readonly port: number }[];
}

export interface EngineNetwork {
  readonly id: string;
  readonly labels: Readonly<Record<string, string>>;
}

export interface ContainerLife {
  readonly state: ContainerState;
  readonly createdAt: Date;
  /** Of the last run; 0 where there was none. */
  readonly exitCode: number;
  readonly outOfMemory: boolean;
  /** How often the engine started it again by itself. */
  readonly restarts: number;
  readonly startedAt: Date | undefined;
  /** Undefined while it has never ended. */
  readonly endedAt: Date | undefined;
}

export interface ExecResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface FileForContainer {
  /** Absolute. Folders that are missing are made. */
  readonly path: string;
  readonly content: string;
  readonly mode: number;
  /** Numeric owner and group. */
  readonly owner: number;
}

export interface LogOptions {
  /** Go on until the container ends. */
  readonly follow: boolean;
  /** Only this many of the last lines. */
  readonly tail: number | 'all';
  /** Puts the engine's time before each line. */
  readonly timestamps?: boolean;
  readonly signal?: AbortSignal;
}

/**
 * What Rollcall asks of an engine.
 *
 * Every method throws `CliError`: `ENGINE_ABSENT` when nothing answers any more, `ENGINE_FAILED` when the engine
 * refuses, with its own words.
 */
export interface Engine {
  /** Where it is, as a value for DOCKER_HOST. */
  readonly host: string;
  /** Whether its published ports are ports of this machine. */
  readonly isLocal: boolean;

  containers(): Promise<EngineContainer[]>;
  network(name: string): Promise<EngineNetwork | undefined>;
  /** Names of the containers that run in it. */
  networkUsers(id: string): Promise<string[]>;
  createNetwork(name: string, labels: Readonly<Record<string, string>>): Promise<void>;
  removeNetwork(id: string): Promise<void>;
  connect(network: string, containerId: string): Promise<void>;
  /** Nothing happens where either is gone, or they are not connected. */
  disconnect(network: string, containerId: string): Promise<void>;
  /** The id of an image that the engine has; undefined where it has none of that name. */
  imageId(name: string): Promise<string | undefined>;
  /** The variables that an image sets; none where the engine does not have it. */
  imageVariables(name: string): Promise<Environment>;

  /** Makes a container of a cluster, not started. @returns its id */
  create(cluster: string, container: WantedContainer): Promise<string>;
  putFile(id: string, file: FileForContainer): Promise<void>;
  /** A file of a container in any state; undefined where it has none. Does not see what is on a tmpfs. */
  readFile(id: string, path: string): Promise<string | undefined>;
  /** @throws CliError also `PORT_TAKEN` */
  start(id: string): Promise<void>;
  /** Asks it to stop, and waits for it as long as it was made to need. */
  stop(id: string): Promise<void>;
  /** Removes it with its anonymous volumes, running or not; nothing happens where it is gone. */
  remove(id: string): Promise<void>;
  life(id: string): Promise<ContainerLife>;
  /** Runs a command, without a shell, to its end; undefined when the container does not run. */
  exec(id: string, command: readonly string[]): Promise<ExecResult | undefined>;
  /** The lines of both output streams as they come. */
  logs(id: string, options: LogOptions): AsyncIterable<string>;
}
