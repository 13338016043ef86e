/**
 * Bundles the package in the working directory: each entry point in src becomes a file of the same name in dist.
 * Entry points share what they have in common as dist/chunks. Other packages stay imports. Types are no business
 * of this step: `typecheck` emits the declarations, but never removes one whose source is gone.
 */

import { existsSync } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import { build } from 'esbuild';

const ENTRY_POINTS = ['index.ts', 'main.ts', 'compile.ts', 'collect.ts'];

const sources = await readdir('src');
const former = await readdir('dist', { recursive: true }).catch(() => []);
const ofNoSource = former
  .filter((path) => path.endsWith('.d.ts') && !path.startsWith('tests/'))
  .filter((path) => !existsSync(`src/${path.replace(/\.d\.ts$/, '.ts')}`));
const bundled = former.filter((path) => path.endsWith('.js') && !path.includes('/'));
await Promise.all(
  [...bundled, 'chunks', ...ofNoSource].map((path) => rm(`dist/${path}`, { recursive: true, force: true })),
);

await build({
  entryPoints: ENTRY_POINTS.filter((name) => sources.includes(name)).map((name) => `src/${name}`),
  outdir: 'dist',
  chunkNames: 'chunks/[name]-[hash]',
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  packages: 'external',
  logLevel: 'warning',
}).catch(() => {
  // esbuild has said where and what.
  process.exitCode = 1;
});
