import Dockerode from 'dockerode';

/** A client for what DOCKER_HOST and its companions in this process' environment say. */
export function dockerGiven(): Dockerode {
  return new Dockerode();
}

/** A client for one unix socket. */
export function dockerAt(socketPath: string): Dockerode {
  // docker-modem takes `host` from DOCKER_HOST and prefers it to a socket unless it is overridden.
  return new Dockerode({ socketPath, host: undefined } as Dockerode.DockerOptions);
}

/** Rejects when the engine does not answer, or not before the signal: dockerode's types know nothing of that option. */
export async function ping(docker: Dockerode, abortSignal: AbortSignal): Promise<void> {
  type Ping = (this: Dockerode, options: { abortSignal: AbortSignal }) => Promise<unknown>;
  await (docker.ping as Ping).call(docker, { abortSignal });
}
