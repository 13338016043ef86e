import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const workspace = dirname(fileURLToPath(import.meta.url));
const project = `${basename(dirname(process.cwd()))}-${basename(process.cwd())}`;

export default defineConfig({
  root: process.cwd(),
  // The packages' own sources: nothing has to be built to be tested.
  resolve: { conditions: ['@rollcall/source'] },
  ssr: { resolve: { conditions: ['@rollcall/source'] } },
  test: {
    include: ['src/**/*.test.ts', 'tests/**/*.test.ts'],
    // A limit for what hangs, not a measure: containers start and stop in these tests.
    testTimeout: 120_000,
    hookTimeout: 300_000,
    // Tests on the engine share its containers, ports and two cores.
    fileParallelism: false,
    reporters: ['default', 'json'],
    outputFile: { json: join(workspace, '.rollcall', 'reports', `${project}.json`) },
  },
});
