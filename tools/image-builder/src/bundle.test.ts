import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { bundleModule, bundleRole } from './bundle.ts';
import type { ContextFile } from './files.ts';
import { TestWorkspace } from './test-workspace.ts';

let workspace: TestWorkspace;
beforeEach(async () => {
  workspace = await TestWorkspace.make();
});
afterEach(() => workspace.remove());

/** Lays the files down as an image has them, with nothing else around, and runs one of them. */
async function runFrom(files: Map<string, ContextFile>, entry: string): Promise<string> {
  const image = await TestWorkspace.make();
  try {
    const folder = image.folderOf('@rollcall/it');
    for (const [path, { content }] of files) {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await writeFile(join(folder, path), content);
    }
    await image.add(
      '@rollcall/neighbour',
      { exports: './index.js' },
      { 'index.js': "export default 'the image';" },
    );
    return (await promisify(execFile)(process.execPath, [join(folder, entry)])).stdout;
  } finally {
    await image.remove();
  }
}

/** A CommonJS package that needs what an ES module does not have by itself. */
const legacy = { 'index.js': "exports.separator = require('node:path').sep;" };
const neighbour = [
  '@rollcall/neighbour',
  { exports: './index.js' },
  { 'index.js': "export default 'bundled';" },
] as const;

test('a module has its npm packages inside and imports its neighbours', async () => {
  await workspace.add('legacy', { type: 'commonjs' }, legacy);
  const folder = await workspace.add(
    '@rollcall/it',
    {},
    {
      'dist/index.js':
        "import { separator } from 'legacy'; import from from '@rollcall/neighbour'; console.log(separator, from);",
    },
  );
  expect(await runFrom(await bundleModule(folder), 'dist/index.js')).toBe('/ the image\n');
});

test('entry points of a module share what they have in common', async () => {
  const folder = await workspace.add(
    '@rollcall/it',
    {},
    {
      'dist/chunks/state.js': 'export const state = { calls: 0 };',
      'dist/index.js': "export { state } from './chunks/state.js';",
      'dist/main.js':
        "import { state } from './index.js'; import { state as same } from './chunks/state.js'; console.log(state === same);",
    },
  );
  expect(await runFrom(await bundleModule(folder), 'dist/main.js')).toBe('true\n');
});

test('a role leaves out the modules that the image has, and nothing else', async () => {
  await workspace.add(...neighbour);
  const folder = await workspace.add(
    '@rollcall/it',
    {},
    {
      'dist/index.js': "import from from '@rollcall/neighbour'; console.log(from);",
    },
  );
  expect(await runFrom(await bundleRole(folder, ['@rollcall/neighbour']), 'index.js')).toBe('the image\n');
  expect(await runFrom(await bundleRole(folder, []), 'index.js')).toBe('bundled\n');
});

test('a package that was not built is refused with what to do', async () => {
  const folder = await workspace.add('@rollcall/it', {});
  await expect(bundleModule(folder)).rejects.toMatchObject({
    code: 'PACKAGE_NOT_BUILT',
    message: '@rollcall/it has no dist/index.js. Build it first: npx nx build @rollcall/it',
  });
});
