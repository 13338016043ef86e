/// <reference path="./untyped-modules.d.ts" />
import type { Readable } from 'node:stream';
import Dockerode from 'dockerode';
import type { ContainerState } from './cluster.ts';

/** The Engine API as dockerode has it, as far as this package calls it: https://docs.docker.com/reference/api/engine/ */
export interface DockerApi {
  ping(options: { abortSignal: AbortSignal }): Promise<unknown>;
  listContainers(options: { all: boolean }): Promise<ContainerSummary[]>;
  listNetworks(): Promise<{ Id: string; Name: string; Labels: Record<string, string> | null }[]>;
  createNetwork(options: { Name: string; CheckDuplicate: boolean; Labels: object }): Promise<unknown>;
  getNetwork(id: string): {
    inspect(): Promise<{ Containers?: Record<string, { Name: string }> }>;
    remove(): Promise<unknown>;
  };
  getImage(name: string): { inspect(): Promise<{ Id: string }> };
  createContainer(options: object): Promise<{ id: string }>;
  getContainer(id: string): DockerContainer;
}

export interface ContainerSummary {
  Id: string;
  Names: string[];
  Image: string;
  ImageID: string;
  /** Seconds since the epoch. */
  Created: number;
  State: ContainerState;
  Labels: Record<string, string> | null;
  Ports: { IP?: string; PrivatePort: number; PublicPort?: number; Type: string }[] | null;
}

export interface DockerContainer {
  start(): Promise<unknown>;
  stop(): Promise<unknown>;
  remove(options: { force: boolean; v: boolean }): Promise<unknown>;
  inspect(): Promise<{
    Created: string;
    RestartCount: number;
    State: {
      Status: ContainerState;
      ExitCode: number;
      OOMKilled: boolean;
      Error: string;
      StartedAt: string;
      FinishedAt: string;
    };
  }>;
  putArchive(archive: Buffer, options: { path: string }): Promise<unknown>;
  getArchive(options: { path: string }): Promise<Readable>;
  exec(options: object): Promise<{
    start(options: object): Promise<Readable>;
    inspect(): Promise<{ Running: boolean; ExitCode: number | null }>;
  }>;
  logs(options: {
    follow: true;
    stdout: boolean;
    stderr: boolean;
    timestamps: boolean;
    tail: number | 'all';
    abortSignal?: AbortSignal;
  }): Promise<Readable>;
  logs(options: {
    follow: false;
    stdout: boolean;
    stderr: boolean;
    timestamps: boolean;
    tail: number | 'all';
  }): Promise<Buffer>;
}

/** A client for what DOCKER_HOST and its companions in this process' environment say. */
export function dockerGiven(): DockerApi {
  return new Dockerode() as DockerApi;
}

/** A client for one unix socket. */
export function dockerAt(socketPath: string): DockerApi {
  // docker-modem takes `host` from DOCKER_HOST and prefers it to a socket unless it is overridden.
  return new Dockerode({ socketPath, host: undefined }) as DockerApi;
}
