import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import type Dockerode from 'dockerode';
import { dockerAt, dockerGiven, ping } from './docker-api.ts';
import { DockerEngine } from './docker-engine.ts';
import type { Engine } from './engine.ts';
import { CliError } from './errors.ts';

/** An engine at hand answers at once; this is for one on a busy machine or behind a slow line. */
const ANSWER_LIMIT_MS = 10_000;

/** Where a workspace with an engine of its own says so: a file with a value for DOCKER_HOST. */
const WORKSPACE_ENGINE = join('.rollcall', 'engine', 'host');

/**
 * Connects to the engine that DOCKER_HOST names; where it is not set, to the first that answers of: the one that
 * the workspace around `folder` brings along, Docker's sockets, Podman's.
 *
 * @throws CliError `ENGINE_ABSENT`, telling what was tried
 */
export async function connect(folder = process.cwd()): Promise<Engine> {
  const given = process.env['DOCKER_HOST'];
  if (given) {
    const problem = await whyNot(dockerGiven, given);
    if (problem === undefined) return new DockerEngine(dockerGiven(), given);
    throw new CliError('ENGINE_ABSENT', `no engine answers at DOCKER_HOST=${given}: ${problem}`, {
      advice: 'Start that engine, or unset DOCKER_HOST to use one of this machine.',
    });
  }
  const tried: string[] = [];
  for (const socket of sockets(folder)) {
    const host = `unix://${socket}`;
    const problem = existsSync(socket) ? await whyNot(() => dockerAt(socket), host) : 'no such socket';
    if (problem === undefined) return new DockerEngine(dockerAt(socket), host);
    tried.push(`tried ${host}: ${problem}`);
  }
  throw new CliError('ENGINE_ABSENT', 'no Docker engine answers on this machine', {
    advice: [...tried, 'Start Docker or Podman, or say where one is with DOCKER_HOST.'],
  });
}

/** The sockets to try, in order. */
export function sockets(folder: string): string[] {
  const runtime = process.env['XDG_RUNTIME_DIR'];
  return [
    workspaceSocket(folder),
    '/var/run/docker.sock',
    runtime && join(runtime, 'docker.sock'),
    join(homedir(), '.docker', 'run', 'docker.sock'),
    runtime && join(runtime, 'podman', 'podman.sock'),
    '/run/podman/podman.sock',
  ].filter((socket): socket is string => Boolean(socket));
}

function workspaceSocket(folder: string): string | undefined {
  const file = join(folder, WORKSPACE_ENGINE);
  if (existsSync(file))
    return readFileSync(file, 'utf8')
      .trim()
      .replace(/^unix:\/\//, '');
  const above = dirname(folder);
  return above === folder ? undefined : workspaceSocket(above);
}

async function whyNot(client: () => Dockerode, host: string): Promise<string | undefined> {
  try {
    await ping(client(), AbortSignal.timeout(ANSWER_LIMIT_MS));
    return undefined;
  } catch (error) {
    const { code, message, name } = error as NodeJS.ErrnoException;
    if (code === 'EACCES') return `this user may not use ${host}`;
    if (name === 'AbortError') return `no answer within ${ANSWER_LIMIT_MS / 1000} s`;
    return message;
  }
}
