import { lineage } from './lineage.js';

/** @typedef {import('nx/src/devkit-exports.js').TargetConfiguration} Target */

const GROUPS = ['packages', 'images', 'tools'];

/**
 * What each project can do, told by its files alone.
 *
 * | file | target |
 * | --- | --- |
 * | `src/index.ts` | `build`: bundles the package into `dist` |
 * | `images/<name>/Dockerfile` | `build`: builds the image on the engine |
 * | `src/**\/*.test.ts` | `test`: needs nothing built |
 * | `tests/**\/*.test.ts` | `test`: on the engine, after the images that the project depends on |
 * | `images/<parent>/tests/contract/**\/*.test.ts` | `test`, in every image that descends from it, the same way |
 *
 * `typecheck` comes from `@nx/js/typescript`, `lint` from the root package.json.
 *
 * @param {readonly string[]} files paths from the workspace's root, with `/`
 * @param {(root: string) => readonly string[]} dependenciesOf names of a project's dependencies
 * @returns {Map<string, { from: string, targets: Record<string, Target> }>} by project folder; `from` is one of its files
 */
export function inferProjects(files, dependenciesOf) {
  /** @type {Map<string, string[]>} */
  const byProject = new Map();
  for (const file of files) {
    const [group = '', name, ...rest] = file.split('/');
    if (!GROUPS.includes(group)) continue;
    const root = `${group}/${name}`;
    byProject.set(root, [...(byProject.get(root) ?? []), rest.join('/')]);
  }
  /** @param {string} root */
  const family = (root) =>
    isImage(root, byProject.get(root) ?? []) ? lineage(root, dependenciesOf) : [root];
  /** @param {string} root */
  const hasContract = (root) => byProject.get(root)?.some((file) => file.startsWith('tests/contract/'));
  return new Map(
    [...byProject].map(([root, own]) => [
      root,
      { from: `${root}/${own[0]}`, targets: inferTargets(root, own, family(root).some(hasContract)) },
    ]),
  );
}

/**
 * @param {string} root
 * @param {readonly string[]} files paths from the project's folder
 */
function isImage(root, files) {
  return root.startsWith('images/') && files.includes('Dockerfile');
}

/**
 * @param {string} root
 * @param {readonly string[]} files paths from the project's folder
 * @param {boolean} inheritsTests
 * @returns {Record<string, Target>}
 */
function inferTargets(root, files, inheritsTests) {
  /** @type {Record<string, Target>} */
  const targets = {};
  if (isImage(root, files)) targets['build'] = buildImage(root);
  else if (files.includes('src/index.ts')) targets['build'] = buildPackage(root);

  if (inheritsTests || files.some((file) => file.startsWith('tests/'))) targets['test'] = testOnEngine(root);
  else if (files.some((file) => file.endsWith('.test.ts'))) targets['test'] = test(root);
  return targets;
}

/**
 * Other packages stay outside a bundle, so none of them is an input and an edit rebuilds one package only.
 *
 * @param {string} root
 * @returns {Target}
 */
function buildPackage(root) {
  return {
    command: 'node ../../tools/workspace/src/build-package.js',
    options: { cwd: root },
    cache: true,
    inputs: ['production', '{workspaceRoot}/tools/workspace/src/build-package.js'],
    outputs: ['{projectRoot}/dist/*.js', '{projectRoot}/dist/*.js.map', '{projectRoot}/dist/chunks'],
  };
}

/**
 * Not cached by Nx: a cache knows files, but an image is on an engine, which may have been swapped or pruned
 * since. (A `runtime` input would not do: Nx' daemon remembers its answer.) The builder asks the engine itself,
 * and is done in milliseconds when the image there was made from what is here.
 *
 * @param {string} root
 * @returns {Target}
 */
function buildImage(root) {
  return {
    command: `node tools/image-builder/dist/main.js ${root}`,
    cache: false,
    dependsOn: ['^build', { projects: ['@rollcall/engine', '@rollcall/image-builder'], target: 'build' }],
  };
}

/**
 * Not cached: a result that nobody ran is not counted.
 *
 * @param {string} root
 * @returns {Target}
 */
function test(root) {
  return { command: 'vitest run --config ../../vitest.config.ts', options: { cwd: root }, cache: false };
}

/**
 * One project at a time: these tests share the engine's ports and cores.
 *
 * @param {string} root
 * @returns {Target}
 */
function testOnEngine(root) {
  return { ...test(root), dependsOn: ['build', '^build'], parallelism: false };
}
