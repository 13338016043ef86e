import { existsSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import { BaseSequencer } from 'vitest/node';
import { dependenciesIn, lineage } from './lineage.js';

/** What an image's folder holds for those that descend from it: its promises as tests, and its own figures for them. */
const CONTRACT = 'tests/contract';
const PROMISES = 'tests/promises.ts';

/**
 * Which test files a project runs, as options of vitest: its own, and before them, in an image, the contract tests of
 * each image that it descends from. Those are given the image under test, and the files with its promises.
 *
 * @param {string} workspace
 * @param {string} folder the project's
 * @returns {{ include: string[], sequence: object, provide: { image: string, promises: string[] } }}
 */
export function testFiles(workspace, folder) {
  const root = relative(workspace, folder);
  const folders = root.startsWith('images/')
    ? lineage(root, dependenciesIn(workspace)).map((each) => join(workspace, each))
    : [folder];
  return {
    include: [
      'src/**/*.test.ts',
      'tests/**/*.test.ts',
      ...folders.slice(0, -1).map((ancestor) => join(ancestor, CONTRACT, '**/*.test.ts')),
    ],
    sequence: { sequencer: eldestFirst(folders) },
    provide: {
      image: `rollcall/${basename(root)}`,
      promises: folders.map((each) => join(each, PROMISES)).filter((file) => existsSync(file)),
    },
  };
}

/** @param {readonly string[]} folders */
function eldestFirst(folders) {
  /** @param {{ moduleId: string }} file */
  const age = ({ moduleId }) => folders.findIndex((folder) => moduleId.startsWith(`${folder}/`));
  return class extends BaseSequencer {
    /**
     * @override
     * @param {import('vitest/node').TestSpecification[]} files
     */
    async sort(files) {
      return (await super.sort(files)).sort((a, b) => age(a) - age(b));
    }
  };
}
