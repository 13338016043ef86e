/**
 * Bundles the package in the working directory: each entry point in src becomes a file of the same name in dist.
 * Entry points share what they have in common as dist/chunks. Other packages stay imports. Types are no business
 * of this step: `typecheck` emits the declarations.
 */

import { readdir, rm } from 'node:fs/promises';
import { build } from 'esbuild';

const ENTRY_POINTS = ['index.ts', 'main.ts', 'compile.ts', 'prepare.ts'];

const sources = await readdir('src');
const former = (await readdir('dist').catch(() => [])).filter((name) => name.endsWith('.js'));
await Promise.all([...former, 'chunks'].map((name) => rm(`dist/${name}`, { recursive: true, force: true })));

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
