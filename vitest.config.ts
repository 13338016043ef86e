import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { Report } from './tools/workspace/src/report.js';
import { testFiles } from './tools/workspace/src/test-files.js';

// Tests run in a project's folder: its name is its report's.
const { name } = JSON.parse(readFileSync('package.json', 'utf8'));

export default defineConfig({
  root: process.cwd(),
  // The packages' own sources: nothing has to be built to be tested.
  resolve: { conditions: ['@rollcall/source'] },
  ssr: { resolve: { conditions: ['@rollcall/source'] } },
  test: {
    ...testFiles(fileURLToPath(new URL('.', import.meta.url)), process.cwd()),
    globalSetup: fileURLToPath(new URL('tools/workspace/src/test-folder.js', import.meta.url)),
    // Nx asks for colours, which processes that tests start would take for theirs.
    env: { FORCE_COLOR: '0' },
    // A limit for what hangs, not a measure: containers start and stop in these tests.
    testTimeout: 600_000,
    hookTimeout: 300_000,
    // Tests on the engine share its containers, ports and two cores.
    fileParallelism: false,
    // The results of the run before would change the order of files.
    cache: false,
    // A message is to show what was there: the end of `npm test` tells no more than messages.
    chaiConfig: { truncateThreshold: 1000 },
    reporters: ['default', new Report({})],
    outputFile: { json: fileURLToPath(new URL(`.rollcall/reports/${name}.json`, import.meta.url)) },
  },
});
