import { filesInside } from './bundle.ts';
import { folderOf, type ImageProject, readPackageJson } from './image-project.ts';
import type { PackageFound } from './spdx.ts';

/**
 * The npm packages in an image: those whose files are inside the bundles of its modules and its role, and its
 * parents'.
 *
 * @throws ImageBuilderError PACKAGE_NOT_BUILT
 */
export async function npmPackages(project: ImageProject): Promise<PackageFound[]> {
  const images = [project, ...project.below];
  const modules = images.flatMap((image) => image.modules);
  const files = await Promise.all([
    ...modules.map((name) => filesInside(folderOf(name, project.folder), ['@rollcall/*'])),
    ...images.flatMap(({ role, folder }) =>
      role === undefined ? [] : [filesInside(folderOf(role, folder), modules)],
    ),
  ]);
  const folders = new Set(files.flat().map(packageFolderOf));
  const found = await Promise.all([...folders].map(describe));
  return found.sort((a, b) => (a.purl < b.purl ? -1 : 1));
}

/** The folder of the package that a file belongs to. Some have a package.json further down that only tells a format. */
function packageFolderOf(file: string): string {
  const folder = /^.*\/(?:node_modules\/(?:@[^/]+\/)?|packages\/)[^/]+(?=\/)/.exec(file)?.[0];
  if (folder !== undefined) return folder;
  throw new Error(`${file} is in a bundle but in no package.`);
}

async function describe(folder: string): Promise<PackageFound> {
  const { name, version, license } = await readPackageJson(folder);
  const purl = `pkg:npm/${name.replace('@', '%40')}@${version}`;
  return { name, version, purl, ...(typeof license === 'string' ? { license } : {}) };
}
