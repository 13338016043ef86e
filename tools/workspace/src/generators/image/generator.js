import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { generateFiles, installPackagesTask, readJson, updateJson } from '@nx/devkit';
import { checkOptions } from './options.js';
import { addToIndex } from './readme-index.js';

const FILES = join(dirname(fileURLToPath(import.meta.url)), 'files');

/**
 * Makes a new type of node: `images/NAME` and `packages/NAME-handler`, which build, pass their tests and join a
 * cluster as they are. Nothing else has to be edited: what the workspace keeps in lists is added to.
 *
 * @param {import('@nx/devkit').Tree} tree
 * @param {import('./options.js').Given} given
 * @returns {Promise<() => void>} installs, so that the two packages are linked
 */
export default async function imageGenerator(tree, given) {
  const { name, role, port, protocol } = checkOptions(given);
  const [image, handler] = [`images/${name}`, `packages/${name}-handler`];
  for (const folder of [image, handler]) {
    if (tree.exists(folder)) throw new Error(`name: ${folder} is there already; choose another name`);
  }
  const { version } = readJson(tree, 'package.json');
  const values = { name, role, port, protocol, version };
  generateFiles(tree, join(FILES, 'image'), image, values);
  generateFiles(tree, join(FILES, 'handler'), handler, values);
  const license = tree.read('LICENSE');
  if (license) tree.write(`${handler}/LICENSE`, license);
  updateJson(tree, 'tsconfig.json', (config) => ({
    ...config,
    references: [...(config.references ?? []), { path: `./${handler}` }, { path: `./${image}` }],
  }));
  const readme = tree.read('README.md', 'utf8');
  if (readme !== null) tree.write('README.md', addToIndex(readme, name));
  return () => installPackagesTask(tree, true);
}
