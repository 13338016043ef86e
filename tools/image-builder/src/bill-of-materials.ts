import { type Engine, findImage } from '@rollcall/engine';
import { debianPackages } from './debian-packages.ts';
import { ImageBuilderError } from './errors.ts';
import { readImageProject } from './image-project.ts';
import { npmPackages } from './npm-packages.ts';
import { spdxDocument } from './spdx.ts';

/**
 * What is in an image as the engine has it: Debian's packages and those from npm.
 *
 * @param folder the image's project
 * @returns an SPDX 2.3 document
 * @throws ImageBuilderError IMAGE_MISSING, PACKAGE_NOT_BUILT
 */
export async function billOfMaterials(engine: Engine, folder: string): Promise<object> {
  const project = await readImageProject(folder);
  const { tag, package: manifest } = project;
  const image = await findImage(engine, tag);
  if (!image) {
    throw new ImageBuilderError(
      'IMAGE_MISSING',
      `The engine at ${engine.host} does not have ${tag}. Run: npx nx build ${manifest.name}`,
    );
  }
  const [debian, npm, { Created }] = await Promise.all([
    debianPackages(engine, image.id),
    npmPackages(project),
    engine.docker.getImage(image.id).inspect(),
  ]);
  const described = { name: tag, version: manifest.version, license: manifest.license };
  const created = `${new Date(Created).toISOString().slice(0, 19)}Z`;
  const digest = image.id.replace('sha256:', '');
  return spdxDocument({ ...described, digest, created }, [...debian, ...npm]);
}
