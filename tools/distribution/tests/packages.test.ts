import { mkdtemp, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core';
import { publint } from 'publint';
import { beforeAll, describe, expect, test } from 'vitest';
import { type PackedPackage, packAll, workspace } from './packed.ts';
import { reachableSources } from './reachable.ts';

/** ES modules only: what CommonJS and the resolution of before 2022 make of them is no promise. */
const promised = ['node16-esm', 'bundler'];

let packages: PackedPackage[];
beforeAll(async () => {
  packages = await packAll(await mkdtemp(join(tmpdir(), 'packed-')));
});

/** What `look` finds wrong with each package, by the package's name. */
async function problems(
  look: (packed: PackedPackage) => Promise<unknown[]>,
): Promise<Record<string, unknown>> {
  const found = await Promise.all(packages.map(async (packed) => [packed.name, await look(packed)] as const));
  return Object.fromEntries(found.filter(([, list]) => list.length > 0));
}

describe('every package', () => {
  test('is without fault by the rules of Node and of bundlers, as publint knows them', async () => {
    const found = await problems(async ({ tarball }) => {
      const { buffer, byteOffset, length } = await readFile(tarball);
      const archive = buffer.slice(byteOffset, byteOffset + length) as ArrayBuffer;
      return (await publint({ pack: { tarball: archive }, strict: true })).messages;
    });
    expect(found).toEqual({});
  });

  test('has types that TypeScript finds, as nodenext and bundlers resolve', async () => {
    const found = await problems(async ({ tarball }) => {
      const result = await checkPackage(createPackageFromTarballData(await readFile(tarball)));
      if (!result.types) return ['no types'];
      return result.problems.filter(
        (problem) => !('resolutionKind' in problem) || promised.includes(problem.resolutionKind),
      );
    });
    expect(found).toEqual({});
  });

  test('says what it is, and under what licence', async () => {
    const license = await readFile(join(workspace, 'LICENSE'), 'utf8');
    const found = await problems(async ({ files, folder }) => {
      const missing = ['LICENSE', 'README.md', 'dist/index.js', 'dist/index.d.ts'].filter(
        (file) => !files.includes(file),
      );
      const own = await readFile(join(folder, 'LICENSE'), 'utf8').catch(() => undefined);
      return own === license ? missing : [...missing, "LICENSE is not the workspace's"];
    });
    expect(found).toEqual({});
  });

  test('carries the sources that its entry points need with their types: no test, no fake, nothing that is gone', async () => {
    const found = await problems(async ({ files, folder }) => {
      const sources = await reachableSources(join(folder, 'src'));
      const types = sources
        .filter((path) => !path.endsWith('.d.ts'))
        .map((path) => path.replace(/\.ts$/, '.d.ts'));
      const wanted = [...sources.map((path) => `src/${path}`), ...types.map((path) => `dist/${path}`)];
      const carried = files.filter((file) => file.startsWith('src/') || file.endsWith('.d.ts'));
      return [
        ...wanted.filter((file) => !carried.includes(file)).map((file) => `missing: ${file}`),
        ...carried.filter((file) => !wanted.includes(file)).map((file) => `too many: ${file}`),
      ];
    });
    expect(found, 'put what is too many into "files" of its package.json with a ! before it').toEqual({});
  });

  test('needs other packages at the version that it was released with', async () => {
    const found = await problems(async ({ folder }) => {
      const { version, dependencies = {} } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
      const ours = Object.entries(dependencies).filter(([name]) => name.startsWith('@rollcall/'));
      return ours.filter(([, range]) => range !== version);
    });
    expect(found).toEqual({});
  });
});
