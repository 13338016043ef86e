import Dockerode from 'dockerode';

/** The Engine API's client. A refused call rejects with an `Error` that has `statusCode`. */
export type Docker = Dockerode;
export type Container = Dockerode.Container;
export type ContainerInfo = Dockerode.ContainerInspectInfo;
export type Image = Dockerode.Image;
export type Network = Dockerode.Network;

/** One event of a pull or build, as the engine streams it. */
export interface ProgressEvent {
  stream?: string;
  status?: string;
  id?: string;
  progress?: string;
  error?: string;
  aux?: unknown;
}

/** What takes a signal, which dockerode's types do not tell. */
type Abortable<T> = (this: Docker, options: { abortSignal: AbortSignal | undefined }) => Promise<T>;

export async function ping(docker: Docker, abortSignal: AbortSignal): Promise<void> {
  await (docker.ping as Abortable<unknown>).call(docker, { abortSignal });
}

export async function versionOf(docker: Docker, abortSignal?: AbortSignal): Promise<Dockerode.DockerVersion> {
  return await (docker.version as Abortable<Dockerode.DockerVersion>).call(docker, { abortSignal });
}

/** dockerode's own, which understands BuildKit, and of which its types know nothing. */
type FollowProgress = (
  stream: NodeJS.ReadableStream,
  onFinished: (error: Error | null, events: ProgressEvent[]) => void,
  onEvent: ((event: ProgressEvent) => void) | undefined,
) => void;

/** Reads a pull's or build's stream to its end; BuildKit's messages arrive as `stream` lines. */
export async function followed(
  docker: Docker,
  stream: NodeJS.ReadableStream,
  onEvent?: (event: ProgressEvent) => void,
): Promise<ProgressEvent[]> {
  const { followProgress } = docker as Docker & { followProgress: FollowProgress };
  return await new Promise((resolve, reject) => {
    followProgress.call(
      docker,
      stream,
      (error, events) => (error ? reject(error) : resolve(events)),
      onEvent,
    );
  });
}

/** A client for one unix socket, whatever `DOCKER_HOST` says. */
export function dockerAt(socketPath: string): Docker {
  // docker-modem takes `host` from DOCKER_HOST and prefers it to a socket unless it is overridden.
  return new Dockerode({ socketPath, host: undefined } as Dockerode.DockerOptions);
}

/** A client for what `DOCKER_HOST`, `DOCKER_TLS_VERIFY` and `DOCKER_CERT_PATH` in this process' environment say. */
export function dockerGiven(): Docker {
  return new Dockerode();
}
