import { expect, test } from 'vitest';
import { inferProjects } from './targets.js';

const targetsOf = (root: string, files: string[]) =>
  inferProjects(
    files.map((file) => `${root}/${file}`),
    () => [],
  ).get(root)?.targets ?? {};

test('a package with an entry point is built', () => {
  const { build } = targetsOf('packages/room', ['src/index.ts']);
  expect(build).toMatchObject({ cache: true, options: { cwd: 'packages/room' } });
});

test('building a package waits for nothing, so that an edit rebuilds that package only', () => {
  expect(targetsOf('packages/room', ['src/index.ts'])['build']?.dependsOn).toBeUndefined();
});

test('a folder in images with a Dockerfile is an image', () => {
  expect(targetsOf('images/nginx', ['Dockerfile'])['build']?.command).toMatch(/ images\/nginx$/);
});

test('a Dockerfile elsewhere is none', () => {
  expect(targetsOf('packages/room', ['Dockerfile'])).toEqual({});
});

test('Nx never answers for an image from its cache, as only the engine knows what it has', () => {
  expect(targetsOf('images/nginx', ['Dockerfile'])['build']?.cache).toBe(false);
});

test('an image is built after its parents, its packages and the builder', () => {
  expect(targetsOf('images/nginx', ['Dockerfile'])['build']?.dependsOn).toEqual([
    '^build',
    { projects: ['@rollcall/engine', '@rollcall/image-builder'], target: 'build' },
  ]);
});

test('tests beside the sources need nothing built', () => {
  const { test } = targetsOf('packages/room', ['src/index.ts', 'src/deep/view.test.ts']);
  expect(test).toBeDefined();
  expect(test?.dependsOn).toBeUndefined();
});

test('tests in tests/ run on the engine: after the images, and no two projects at a time', () => {
  const { test } = targetsOf('images/nginx', ['Dockerfile', 'tests/nginx.test.ts']);
  expect(test).toMatchObject({ dependsOn: ['build', '^build'], parallelism: false });
});

test('tests are never answered from a cache', () => {
  expect(targetsOf('packages/room', ['src/view.test.ts'])['test']?.cache).toBe(false);
  expect(targetsOf('tools/e2e', ['tests/elastic.test.ts'])['test']?.cache).toBe(false);
});

test('each project gets what its own files say', () => {
  const projects = inferProjects(
    [
      'images/nginx/Dockerfile',
      'packages/room/src/index.ts',
      'packages/room/src/view.test.ts',
      'tools/e2e/tests/elastic.test.ts',
    ],
    () => [],
  );
  expect([...projects].map(([root, { targets }]) => [root, ...Object.keys(targets)])).toEqual([
    ['images/nginx', 'build'],
    ['packages/room', 'build', 'test'],
    ['tools/e2e', 'test'],
  ]);
});

test('what lies outside of packages, images and tools is no project', () => {
  expect(inferProjects(['docs/example/Dockerfile', 'docs/example/src/index.ts'], () => []).size).toBe(0);
});

test('an image without any test is tested when one that it descends from has a contract', () => {
  const files = ['os', 'base', 'nginx', 'shop'].map((name) => `images/${name}/Dockerfile`);
  const dependencies: Record<string, string[]> = {
    'images/base': ['@rollcall/os-image', '@rollcall/handler'],
    'images/nginx': ['@rollcall/base-image'],
    'images/shop': ['@rollcall/nginx-image', '@rollcall/shop-handler'],
  };
  const projects = inferProjects(
    [...files, 'images/base/tests/contract/stop.test.ts'],
    (root) => dependencies[root] ?? [],
  );
  const tested = [...projects].filter(([, { targets }]) => targets['test']).map(([root]) => root);
  expect(tested).toEqual(['images/base', 'images/nginx', 'images/shop']);
});
