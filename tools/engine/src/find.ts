import { existsSync } from 'node:fs';
import { type Docker, dockerAt, dockerGiven, versionOf } from './docker.ts';
import { EngineError, messageOf } from './errors.ts';
import { parseHost } from './host.ts';
import { identityOf } from './identity.ts';
import { privateEngineStatus } from './private-engine.ts';

export interface Engine {
  docker: Docker;
  /** As a value for `DOCKER_HOST`. */
  host: string;
  /** Where it was found: `DOCKER_HOST`, this workspace's own, a system's Docker, a system's Podman. */
  kind: 'given' | 'private' | 'system' | 'podman';
  /** For people: product, version and host. */
  description: string;
}

export interface Candidate {
  kind: Engine['kind'];
  host: string;
}

/** A local engine answers at once; this is for one on a busy machine or behind a slow line. */
const answerLimitMs = 10_000;

/** Where to look for an engine, in order. A given `DOCKER_HOST` is the only candidate: there is no silent fallback. */
export function engineCandidates(
  environment: { DOCKER_HOST?: string | undefined; XDG_RUNTIME_DIR?: string | undefined },
  privateSocket: string,
): Candidate[] {
  if (environment.DOCKER_HOST) return [{ kind: 'given', host: environment.DOCKER_HOST }];
  const podman = ['/run', environment.XDG_RUNTIME_DIR].filter(
    (folder) => folder !== undefined && folder !== '',
  );
  return [
    { kind: 'private', host: `unix://${privateSocket}` },
    { kind: 'system', host: 'unix:///var/run/docker.sock' },
    ...podman.map((folder): Candidate => ({ kind: 'podman', host: `unix://${folder}/podman/podman.sock` })),
  ];
}

/**
 * Connects to the engine that answers first: `DOCKER_HOST`, this workspace's private engine, Docker's socket,
 * Podman's sockets.
 * @throws EngineError HOST_INVALID or HOST_UNREACHABLE where DOCKER_HOST is set, NO_ENGINE where it is not.
 */
export async function connectEngine({ workspace }: { workspace: string }): Promise<Engine> {
  const tried: string[] = [];
  for (const candidate of engineCandidates(process.env, identityOf(workspace).socket)) {
    try {
      if (candidate.kind === 'private') await refuseUnlessRunning(workspace);
      return await connect(candidate);
    } catch (error) {
      if (error instanceof EngineError) throw error;
      if (candidate.kind === 'given') {
        throw new EngineError(
          'HOST_UNREACHABLE',
          `DOCKER_HOST is ${candidate.host}, but no engine answers there: ${messageOf(error)}. ` +
            'Start that engine, or unset DOCKER_HOST to let Rollcall find or start one.',
          { cause: error },
        );
      }
      tried.push(`  ${candidate.host} (${candidate.kind}): ${messageOf(error)}`);
    }
  }
  throw new EngineError(
    'NO_ENGINE',
    `No Docker or Podman engine answers. Tried:\n${tried.join('\n')}\n` +
      'Start Docker or Podman, or set DOCKER_HOST, or on Debian or Ubuntu as root run `npm run engine start`.',
  );
}

/** A dockerd without its containerd answers, but starts no container. */
async function refuseUnlessRunning(workspace: string): Promise<void> {
  const { state } = await privateEngineStatus({ workspace });
  if (state !== 'running') throw new Error(`is ${state}`);
}

async function connect({ kind, host }: Candidate): Promise<Engine> {
  const parsed = parseHost(host);
  if ('socketPath' in parsed && !existsSync(parsed.socketPath)) throw new Error('no such socket');
  // Only docker-modem's own reading of the environment knows of TLS.
  const docker = 'socketPath' in parsed && kind !== 'given' ? dockerAt(parsed.socketPath) : dockerGiven();
  return { docker, host, kind, description: `${await productOf(docker)} at ${host}` };
}

async function productOf(docker: Docker): Promise<string> {
  const limit = AbortSignal.timeout(answerLimitMs);
  try {
    const { Version, Components = [] } = await versionOf(docker, limit);
    const podman = Components.find((component) => component.Name === 'Podman Engine');
    return podman ? `Podman ${podman.Version}` : `Docker ${Version}`;
  } catch (error) {
    if (limit.aborted) throw new Error(`no answer within ${answerLimitMs / 1000} s`, { cause: error });
    throw error;
  }
}
