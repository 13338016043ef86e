import { dependenciesIn } from './lineage.js';
import { inferProjects } from './targets.js';

/**
 * The workspace's Nx plugin: what can be done with a project follows from the files it has, so there is no
 * project.json and no list to edit. Which file means what is in targets.js.
 *
 * @type {import('nx/src/devkit-exports.js').CreateNodesV2}
 */
export const createNodesV2 = [
  '*/*/{Dockerfile,src/index.ts,src/**/*.test.ts,tests/**/*.test.ts}',
  (files, _, { workspaceRoot }) =>
    [...inferProjects(files, dependenciesIn(workspaceRoot))].map(([root, { from, targets }]) => [
      from,
      { projects: { [root]: { root, targets } } },
    ]),
];
