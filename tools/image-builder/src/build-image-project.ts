import {
  type BuildRequest,
  buildReproducibly,
  type Engine,
  ensureDebian,
  findImage,
  sourceDateEpoch,
} from '@rollcall/engine';
import { makeContext } from './context.ts';
import { ImageBuilderError } from './errors.ts';
import { type ImageProject, isDebian, isOurs, readImageProject } from './image-project.ts';
import { describingLabels, hashInputs, inputsLabel } from './labels.ts';
import { revisionOf } from './revision.ts';

export interface BuiltImage {
  /** `rollcall/<name>` */
  tag: string;
  id: string;
  /** Bytes, shared layers included. */
  size: number;
  /** False where the engine had this image already, made from the same inputs. */
  built: boolean;
}

/**
 * Makes sure that the engine has the image of a project as it is in the working tree, tagged `rollcall/<name>:latest`.
 * The engine itself is asked, so an image that was removed or an engine that was swapped is never taken for built.
 *
 * @param folder the project's folder: `Dockerfile`, `package.json`, `rootfs/`
 * @param progress gets a line for each step of a build and for what takes long before it
 * @throws ImageBuilderError
 * @throws EngineError BUILD_FAILED with the failing step's output
 */
export async function buildImageProject(
  engine: Engine,
  folder: string,
  { progress = () => {} }: { progress?: (line: string) => void } = {},
): Promise<BuiltImage> {
  const project = await readImageProject(folder);
  const { tag } = project;
  const [context, parentIds, former] = await Promise.all([
    makeContext(project),
    findParents(engine, project, progress),
    findImage(engine, tag),
  ]);
  const labels = describingLabels(project);
  const inputs = hashInputs(context, parentIds, labels);
  if (former?.labels[inputsLabel] === inputs) return { tag, id: former.id, size: former.size, built: false };

  const request: BuildRequest = {
    context,
    dockerfile: 'Dockerfile',
    tags: [`${tag}:latest`],
    // The revision is no input: a commit that changes nothing in an image does not build it again.
    labels: { ...labels, ...(await revisionOf(folder)), [inputsLabel]: inputs },
    buildArgs: { SOURCE_DATE_EPOCH: String(sourceDateEpoch) },
    onLine: (line) => {
      if (isStep(line)) progress(shorten(line));
    },
  };
  const { id, size } = await buildReproducibly(engine, request, parentOf(project));
  if (former && former.id !== id) await removeUnused(engine, former.id);
  return { tag, id, size, built: true };
}

/** BuildKit's steps and the classic builder's, without what they print: a failed build's error has that. */
function isStep(line: string): boolean {
  return /^(=> \[.*\d+\/\d+\]|Step \d|STEP \d)/.test(line);
}

function shorten(step: string): string {
  const line = step.replaceAll(/\s+/g, ' ');
  return line.length > 100 ? `${line.slice(0, 99)}…` : line;
}

/** The ids of the images that the Dockerfile builds on. What is not ours is left to the engine to pull. */
async function findParents(
  engine: Engine,
  { from, package: { name } }: ImageProject,
  progress: (line: string) => void,
): Promise<string[]> {
  const ours = from.filter(isOurs);
  for (const tag of ours.filter(isDebian)) await ensureDebian(engine, { tag, progress });
  return await Promise.all(
    ours.map(async (image) => {
      const found = await findImage(engine, image);
      if (found) return found.id;
      throw new ImageBuilderError(
        'PARENT_MISSING',
        `${name} is FROM ${image}, which the engine at ${engine.host} does not have. Run: npx nx build ${name}`,
      );
    }),
  );
}

/** What the image descends from, where that is an image: `scratch` is none. */
function parentOf({ from }: ImageProject): string | undefined {
  const parent = from.at(-1);
  return parent === 'scratch' ? undefined : parent;
}

/** Removes the image that the tag moved away from, unless a container still runs it or somebody gave it another tag. */
async function removeUnused(engine: Engine, id: string): Promise<void> {
  const image = engine.docker.getImage(id);
  try {
    const { RepoTags } = await image.inspect();
    if (!RepoTags?.length) await image.remove();
  } catch (error) {
    const inUseOrGone =
      error instanceof Error && 'statusCode' in error && [404, 409].includes(Number(error.statusCode));
    if (!inUseOrGone) throw error;
  }
}
