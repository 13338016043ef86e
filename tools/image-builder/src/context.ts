import { join } from 'node:path';
import { bundleModule, bundleRole } from './bundle.ts';
import { type ContextFile, readFiles } from './files.ts';
import { folderOf, type ImageProject } from './image-project.ts';

/**
 * All that a Dockerfile can copy, by path:
 * - `Dockerfile` and `rootfs/`, as they are in the project's folder
 * - `modules/@rollcall/<package>/`, one for each package that the image holds as a module
 * - `role/`, the package that is the image's role
 *
 * @throws ImageBuilderError PACKAGE_NOT_BUILT
 */
export async function makeContext(project: ImageProject): Promise<Map<string, ContextFile>> {
  const { folder, modules, role, below } = project;
  const modulesThere = [project, ...below].flatMap((image) => image.modules);
  const parts = await Promise.all([
    under('rootfs', readFiles(join(folder, 'rootfs'))),
    ...modules.map((name) => under(`modules/${name}`, bundleModule(folderOf(name, folder)))),
    ...(role === undefined ? [] : [under('role', bundleRole(folderOf(role, folder), modulesThere))]),
  ]);
  return new Map([
    ['Dockerfile', { content: Buffer.from(project.dockerfile), mode: 0o644 }],
    ...parts.flatMap((part) => [...part]),
  ]);
}

async function under(
  prefix: string,
  files: Promise<Map<string, ContextFile>>,
): Promise<[string, ContextFile][]> {
  return [...(await files)].map(([path, file]) => [`${prefix}/${path}`, file]);
}
