import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { readIfPresent, writeIfChanged } from './files.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'templating-'));
});
afterEach(() => rm(folder, { recursive: true }));

it('writes a file that is not there, for all to read', async () => {
  const path = join(folder, 'a');
  expect(await writeIfChanged(path, 'text')).toBe(true);
  expect(await readIfPresent(path)).toBe('text');
  expect((await stat(path)).mode & 0o777).toBe(0o644);
});

it('leaves a file alone that says the same already', async () => {
  const path = join(folder, 'a');
  await writeIfChanged(path, 'text');
  const before = await stat(path);
  expect(await writeIfChanged(path, 'text')).toBe(false);
  expect((await stat(path)).ino).toBe(before.ino);
});

it('replaces a file in one step and keeps its mode', async () => {
  const path = join(folder, 'a');
  await writeFile(path, 'old');
  await chmod(path, 0o600);
  const before = await stat(path);
  expect(await writeIfChanged(path, 'new')).toBe(true);
  const after = await stat(path);
  expect(after.mode & 0o777).toBe(0o600);
  expect(after.ino).not.toBe(before.ino);
  expect(await readdir(folder)).toEqual(['a']);
});

it('a failure leaves what was there, and nothing else', async () => {
  const path = join(folder, 'a');
  // A folder cannot be replaced by a file.
  await mkdir(path);
  await writeFile(join(path, 'inside'), 'old');
  await expect(writeIfChanged(path, 'new')).rejects.toMatchObject({ code: 'FILE_NOT_WRITTEN', path });
  expect(await readdir(folder)).toEqual(['a']);
  expect(await readFile(join(path, 'inside'), 'utf8')).toBe('old');
});

it('says which folder is missing', async () => {
  const path = join(folder, 'nowhere', 'a');
  await expect(writeIfChanged(path, 'new')).rejects.toThrow(path);
});

it('a file that is not there is undefined, one that cannot be read an error', async () => {
  expect(await readIfPresent(join(folder, 'a'))).toBeUndefined();
  await expect(readIfPresent(folder)).rejects.toMatchObject({ code: 'FILE_NOT_READ', path: folder });
});
