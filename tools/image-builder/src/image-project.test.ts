import { afterEach, beforeEach, expect, test } from 'vitest';
import { readImageProject } from './image-project.ts';
import { TestWorkspace } from './test-workspace.ts';

let workspace: TestWorkspace;
beforeEach(async () => {
  workspace = await TestWorkspace.make();
  await workspace.add('@rollcall/os-image', {}, { Dockerfile: 'FROM rollcall/debian:trixie' });
  await workspace.add(
    '@rollcall/base-image',
    { dependencies: ['@rollcall/os-image', '@rollcall/handler', '@rollcall/membership', 'pino'] },
    { Dockerfile: 'FROM rollcall/os' },
  );
});
afterEach(() => workspace.remove());

test("an image's name comes from its package's", async () => {
  expect((await readImageProject(workspace.folderOf('@rollcall/base-image'))).tag).toBe('rollcall/base');
});

test('dependencies are parents, modules or the role, by their names', async () => {
  const folder = await workspace.add(
    '@rollcall/nginx-image',
    { dependencies: ['@rollcall/base-image', '@rollcall/nginx-handler', '@rollcall/nginx-logs'] },
    { Dockerfile: 'FROM rollcall/os AS packages\nFROM rollcall/base' },
  );
  const project = await readImageProject(folder);
  expect(project).toMatchObject({ role: '@rollcall/nginx-handler', modules: ['@rollcall/nginx-logs'] });
  expect(project.below.map(({ tag, modules }) => [tag, modules])).toEqual([
    ['rollcall/base', ['@rollcall/handler', '@rollcall/membership']],
    ['rollcall/os', []],
  ]);
});

test('a parent that Nx would not build first is refused', async () => {
  const folder = await workspace.add('@rollcall/x-image', {}, { Dockerfile: 'FROM rollcall/base:latest' });
  await expect(readImageProject(folder)).rejects.toMatchObject({
    code: 'PROJECT_INVALID',
    message: expect.stringContaining('Add @rollcall/base-image to the dependencies'),
  });
});

test('a second role is refused', async () => {
  const dependencies = ['@rollcall/a-handler', '@rollcall/b-handler'];
  const folder = await workspace.add('@rollcall/x-image', { dependencies }, { Dockerfile: 'FROM scratch' });
  await expect(readImageProject(folder)).rejects.toMatchObject({
    code: 'PROJECT_INVALID',
    message: expect.stringContaining('an image has one role'),
  });
});

test('a package that is not called an image is refused', async () => {
  const folder = await workspace.add('@rollcall/x', {}, { Dockerfile: 'FROM scratch' });
  await expect(readImageProject(folder)).rejects.toMatchObject({
    code: 'PROJECT_INVALID',
    message: expect.stringContaining('call it @rollcall/<name>-image'),
  });
});
