import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * The projects of an image and of those that it descends from, told by the dependencies in package.json: an image
 * `@rollcall/<name>-image` lies in `images/<name>`.
 *
 * @param {string} root the image's folder, such as `images/webapp`
 * @param {(root: string) => readonly string[]} dependenciesOf names of a project's dependencies
 * @returns {string[]} folders, the eldest first, the image itself last
 */
export function lineage(root, dependenciesOf) {
  const parents = dependenciesOf(root).flatMap((name) => /^@rollcall\/(.+)-image$/.exec(name)?.[1] ?? []);
  return [...new Set([...parents.flatMap((name) => lineage(`images/${name}`, dependenciesOf)), root])];
}

/**
 * What the package.json of each project says, for `lineage`.
 *
 * @param {string} workspace
 * @returns {(root: string) => string[]}
 */
export function dependenciesIn(workspace) {
  return (root) => {
    const { dependencies = {} } = JSON.parse(readFileSync(join(workspace, root, 'package.json'), 'utf8'));
    return Object.keys(dependencies);
  };
}
