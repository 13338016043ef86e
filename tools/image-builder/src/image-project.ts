import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { imagesNamedByFrom } from './dockerfile.ts';
import { ImageBuilderError } from './errors.ts';

/** A folder with a Dockerfile and a package.json: what it makes, and from what. */
export interface ImageProject {
  /** Absolute. */
  folder: string;
  /** `rollcall/<name>`, without `:latest`. */
  tag: string;
  package: PackageJson;
  dockerfile: string;
  /** The images that the Dockerfile's FROM lines name; the last is the one that this image descends from. */
  from: readonly string[];
  /** Packages that this image holds as modules. */
  modules: readonly string[];
  /** The package that is this image's role. */
  role: string | undefined;
  /** Every image project that this one descends from. */
  below: readonly ImageProject[];
}

export interface PackageJson {
  name: string;
  version: string;
  description: string;
  license: string;
  dependencies?: Record<string, string>;
}

/** @throws ImageBuilderError PROJECT_INVALID where package.json and Dockerfile do not make an image, or disagree. */
export async function readImageProject(folder: string): Promise<ImageProject> {
  const manifest = await readPackageJson(folder);
  const dockerfile = await readFile(join(folder, 'Dockerfile'), 'utf8');
  const uses = sortDependencies(manifest);
  const parents = await Promise.all(uses.images.map((image) => readImageProject(folderOf(image, folder))));
  const below = parents.flatMap((parent) => [parent, ...parent.below]);
  const from = imagesNamedByFrom(dockerfile);
  for (const image of from) checkOrder(image, below, manifest);
  return {
    folder,
    tag: tagOf(manifest),
    package: manifest,
    dockerfile,
    from,
    modules: uses.modules,
    role: uses.role,
    below,
  };
}

/** Where a dependency of the package in `folder` lies. */
export function folderOf(name: string, folder: string): string {
  return dirname(createRequire(join(folder, 'package.json')).resolve(`${name}/package.json`));
}

export async function readPackageJson(folder: string): Promise<PackageJson> {
  return JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
}

function tagOf({ name }: PackageJson): string {
  const image = /^@rollcall\/(.+)-image$/.exec(name)?.[1];
  if (image !== undefined) return `rollcall/${image}`;
  throw new ImageBuilderError(
    'PROJECT_INVALID',
    `${name} is not the name of an image's package: call it @rollcall/<name>-image, and its image is rollcall/<name>.`,
  );
}

/** What an image's dependencies are to it is told by their names. */
function sortDependencies({ name, dependencies = {} }: PackageJson): {
  images: string[];
  modules: string[];
  role: string | undefined;
} {
  const ours = Object.keys(dependencies).filter((dependency) => dependency.startsWith('@rollcall/'));
  const images = ours.filter((dependency) => dependency.endsWith('-image'));
  const [role, ...more] = ours.filter((dependency) => dependency.endsWith('-handler'));
  if (more.length > 0) {
    throw new ImageBuilderError(
      'PROJECT_INVALID',
      `${name} depends on ${role} and ${more.join(', ')}, but an image has one role. Keep one of them.`,
    );
  }
  return {
    images,
    role,
    modules: ours.filter((dependency) => dependency !== role && !images.includes(dependency)),
  };
}

/** Nx builds in the order of package.json, the engine in that of FROM: they have to say the same. */
function checkOrder(image: string, below: readonly ImageProject[], { name }: PackageJson): void {
  if (!isOurs(image) || isDebian(image)) return;
  if (below.some(({ tag }) => tag === withoutLatest(image))) return;
  throw new ImageBuilderError(
    'PROJECT_INVALID',
    `The Dockerfile of ${name} says FROM ${image}, but nothing makes sure that it is built first. ` +
      `Add @rollcall/${basename(withoutLatest(image))}-image to the dependencies in its package.json.`,
  );
}

export function isOurs(image: string): boolean {
  return image.startsWith('rollcall/');
}

/** The bottom of the family: not built from a folder, but made or pulled by the engine package. */
export function isDebian(image: string): boolean {
  return image.startsWith('rollcall/debian:');
}

function withoutLatest(image: string): string {
  return image.replace(/:latest$/, '');
}
