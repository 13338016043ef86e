import { chmod, mkdir, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { makeContext } from './context.ts';
import type { ContextFile } from './files.ts';
import { type ImageProject, isDebian, isOurs, readImageProject } from './image-project.ts';
import { describingLabels } from './labels.ts';
import { revisionOf } from './revision.ts';

/** A target of `docker buildx bake`: https://docs.docker.com/build/bake/reference/ */
interface BakeTarget {
  inherits: readonly string[];
  context: string;
  /** What the Dockerfile's FROM lines name, and where it comes from. */
  contexts: Readonly<Record<string, string>>;
  tags: readonly string[];
  labels: Readonly<Record<string, string>>;
}

interface BakeFile {
  group: { default: { targets: readonly string[] } };
  target: Readonly<Record<string, BakeTarget>>;
}

/**
 * The images of a workspace for bake. Platforms, attestations and outputs are `_image`'s, in docker-bake.hcl.
 *
 * @param contexts the folder that has a build context for each, by the image's name
 */
function bakeFile(projects: readonly ImageProject[], contexts: string): BakeFile {
  const targets = projects.map((project): [string, BakeTarget] => {
    const name = basename(project.tag);
    const parents = project.from.filter(isOurs).map((from): [string, string] => [from, sourceOf(from)]);
    const target = {
      inherits: ['_image'],
      context: join(contexts, name),
      contexts: Object.fromEntries(parents),
      // biome-ignore-start lint/suspicious/noTemplateCurlyInString: variables of docker-bake.hcl
      tags: [`\${REGISTRY}${project.tag}:${project.package.version}`, `\${REGISTRY}${project.tag}:latest`],
      // biome-ignore-end lint/suspicious/noTemplateCurlyInString: variables of docker-bake.hcl
      labels: describingLabels(project),
    };
    return [name, target];
  });
  return {
    group: { default: { targets: targets.map(([name]) => name) } },
    target: Object.fromEntries(targets),
  };
}

/** The bottom of the family has no folder here: whoever publishes has Debian's own image. */
function sourceOf(from: string): string {
  if (isDebian(from)) return `docker-image://debian:${from.split(':')[1]}-slim`;
  return `target:${basename(from.replace(/:latest$/, ''))}`;
}

/**
 * Writes what `docker buildx bake` needs into `.rollcall/bake`: a build context for each folder in `images/`, and
 * `images.json`, the targets.
 *
 * @returns the path of `images.json`
 * @throws ImageBuilderError PROJECT_INVALID, PACKAGE_NOT_BUILT
 */
export async function writeBakeFile(workspace: string): Promise<string> {
  const folder = join('.rollcall', 'bake');
  const names = (await readdir(join(workspace, 'images'))).sort();
  const projects = await Promise.all(names.map((name) => readImageProject(join(workspace, 'images', name))));
  await rm(join(workspace, folder), { recursive: true, force: true });
  for (const project of projects) {
    await writeContext(join(workspace, folder, basename(project.tag)), await makeContext(project));
  }
  const revision = await revisionOf(workspace);
  const file = bakeFile(projects, folder);
  for (const target of Object.values(file.target)) target.labels = { ...target.labels, ...revision };
  const path = join(folder, 'images.json');
  await writeFile(join(workspace, path), `${JSON.stringify(file, undefined, 2)}\n`);
  return path;
}

async function writeContext(folder: string, context: ReadonlyMap<string, ContextFile>): Promise<void> {
  for (const [name, { content, mode }] of context) {
    const path = join(folder, name);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, content);
    await chmod(path, mode);
    // As in the archives that the engine is sent: when a file was written is no part of an image.
    await utimes(path, 0, 0);
  }
}
