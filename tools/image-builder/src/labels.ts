import { createHash } from 'node:crypto';
import type { ContextFile } from './files.ts';
import type { ImageProject } from './image-project.ts';

/** What an image was made from; the same inputs need not be built again. */
export const inputsLabel = 'rollcall.inputs';

/**
 * @param parentIds the ids of the images that the Dockerfile's FROM lines name, as this engine has them
 * @returns 64 hex digits
 */
export function hashInputs(
  context: ReadonlyMap<string, ContextFile>,
  parentIds: readonly string[],
  labels: Readonly<Record<string, string>>,
): string {
  const files = [...context].sort(([a], [b]) => (a < b ? -1 : 1));
  const digests = files.map(([path, { content, mode }]) => [path, mode, sha256(content)]);
  return sha256(JSON.stringify([digests, parentIds, labels]));
}

function sha256(content: Buffer | string): string {
  return createHash('sha256').update(content).digest('hex');
}

/**
 * What the image says about itself, in the keys of
 * https://github.com/opencontainers/image-spec/blob/main/annotations.md. All are set, as an image inherits its
 * parent's labels.
 */
export function describingLabels({ tag, from, package: manifest }: ImageProject): Record<string, string> {
  return {
    'org.opencontainers.image.title': tag,
    'org.opencontainers.image.description': manifest.description,
    'org.opencontainers.image.version': manifest.version,
    'org.opencontainers.image.licenses': manifest.license,
    'org.opencontainers.image.base.name': from.at(-1) ?? 'scratch',
  };
}
