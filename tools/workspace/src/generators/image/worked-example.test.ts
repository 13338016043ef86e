import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createTreeWithEmptyWorkspace } from '@nx/devkit/testing.js';
import { expect, test } from 'vitest';
import imageGenerator from './generator.js';

const workspace = fileURLToPath(new URL('../../../../..', import.meta.url));
const page = readFileSync(join(workspace, 'docs/extending.md'), 'utf8');
const [, example = ''] = /^## Make it yours(.*?)^## /ms.exec(page) ?? [];

/** What a new type has besides the lines that it needs: for people, and tests of promises of its own. */
const BESIDES = /\/(node_modules|dist|role)\/|README\.md$|\/tests\/(drain|pages)\.test\.ts$/;

const linesOf = (text: string) => text.split('\n').filter((line) => line.trim() !== '');

/** The page's blocks below the name of a file, by file. */
function shown(): Record<string, string[]> {
  const files: Record<string, string[]> = {};
  for (const [, file = '', block = ''] of example.matchAll(
    /((?:images|packages)\/\S+):\n\n```\w*\n(.*?)^```$/gms,
  )) {
    files[file] = [...(files[file] ?? []), ...linesOf(block)];
  }
  return files;
}

/** The lines of the static type that its generator did not write, by file. */
async function written(): Promise<Record<string, string[]>> {
  const tree = createTreeWithEmptyWorkspace();
  const { version } = JSON.parse(readFileSync(join(workspace, 'package.json'), 'utf8'));
  tree.write('package.json', JSON.stringify({ name: 'rollcall', version }));
  tree.write('tsconfig.json', '{}');
  tree.write('LICENSE', readFileSync(join(workspace, 'LICENSE')));
  await imageGenerator(tree, { name: 'static', port: 8080, protocol: 'http' });
  const found = ['images/static', 'packages/static-handler'].flatMap(filesBelow).map((file) => {
    const generated = linesOf(tree.read(file, 'utf8') ?? '');
    const own = linesOf(readFileSync(join(workspace, file), 'utf8')).filter((line) => {
      const at = generated.indexOf(line);
      if (at >= 0) generated.splice(at, 1);
      return at < 0;
    });
    return [file, own] as const;
  });
  return Object.fromEntries(found.filter(([, own]) => own.length > 0));
}

function filesBelow(folder: string): string[] {
  return readdirSync(join(workspace, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(workspace.length))
    .filter((file) => !BESIDES.test(file));
}

test('the worked example is the static image, line by line: all that was written by hand', async () => {
  const own = await written();
  expect(Object.keys(shown()).sort()).toEqual(Object.keys(own).sort());
  expect(shown()).toEqual(own);
});

test('a new type takes fewer than 30 lines by hand, as many as the page says', () => {
  const lines = Object.values(shown()).flat().length;
  expect(/by these (\d+) lines/.exec(example)?.[1]).toBe(String(lines));
  expect(lines).toBeLessThan(30);
});

test('the page generates it as it was', () => {
  expect(example).toContain('\nnpx nx g @rollcall/workspace:image static --port 8080 --protocol http\n');
  expect(existsSync(join(workspace, 'images/static/rootfs/opt'))).toBe(false);
});
