import type Dockerode from 'dockerode';
import { BuildOutput } from './build-output.ts';
import { type Docker, followed, versionOf } from './docker.ts';
import { EngineError, messageOf } from './errors.ts';
import type { Engine } from './find.ts';
import { findImage, type ImageFound } from './find-image.ts';
import { type Context, contextArchive } from './image-context.ts';

export interface BuildRequest {
  context: Context;
  /** The Dockerfile's path in the context. */
  dockerfile: string;
  /** `name` or `name:tag`; at least one. */
  tags: readonly [string, ...string[]];
  labels: Readonly<Record<string, string>>;
  buildArgs?: Readonly<Record<string, string>>;
  /** Whether a step whose inputs the engine has seen is taken from its cache. Default: true. */
  cache?: boolean;
  onLine: (line: string) => void;
}

/** How much of a failed step's output the error repeats. */
const lastLines = 25;

/**
 * Builds an image through the Engine API, without a docker client: by BuildKit where the engine is Docker, else by
 * the engine's own builder.
 * @throws EngineError BUILD_FAILED with the last lines of the failed step.
 */
export async function buildImage(engine: Engine, request: BuildRequest): Promise<ImageFound> {
  const [tag] = request.tags;
  const buildKit = await hasBuildKit(engine.docker);
  const output = new BuildOutput(request.onLine, { buildKit });
  const problem = await build(engine.docker, request, buildKit, output).catch(messageOf);
  output.end();
  const image = problem === undefined ? await findImage(engine, tag) : undefined;
  if (image) return image;
  throw new EngineError(
    'BUILD_FAILED',
    [
      `Building ${tag} from ${request.dockerfile} failed: ${problem ?? 'the engine reports success but has no such image'}`,
      ...output.lines.slice(-lastLines).map((line) => `  ${line}`),
    ].join('\n'),
  );
}

async function build(
  docker: Docker,
  request: BuildRequest,
  buildKit: boolean,
  output: BuildOutput,
): Promise<string | undefined> {
  const options: Dockerode.ImageBuildOptions = {
    dockerfile: request.dockerfile,
    // Repeated in the query: the types know of one tag only.
    t: request.tags as unknown as string,
    labels: request.labels,
    buildargs: request.buildArgs ?? {},
    nocache: request.cache === false,
    rm: true,
    forcerm: true,
    ...(buildKit ? { version: '2' } : {}),
  };
  const stream = await docker.buildImage(contextArchive(request.context), options);
  const events = await followed(docker, stream, (event) => output.add(event));
  return events.find((event) => event.error !== undefined)?.error;
}

/** BuildKit is part of Docker since 18.09 (API 1.39); Podman has neither it nor its sessions. */
async function hasBuildKit(docker: Docker): Promise<boolean> {
  const { ApiVersion, Components = [] } = await versionOf(docker);
  const [major = 0, minor = 0] = ApiVersion.split('.').map(Number);
  const podman = Components.some((component) => component.Name === 'Podman Engine');
  return !podman && (major > 1 || minor >= 39);
}
