import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { compileScandir } from './scandir.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'supervision-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

it('writes a scan directory in the place of a former one', async () => {
  const dir = join(folder, 'scandir');
  await compileScandir([{ name: 'former', command: ['x'] }], dir);
  await compileScandir([{ name: 'app', command: ['x'] }], dir);
  expect((await readdir(dir)).sort()).toEqual(['.s6-svscan', 'app']);
  expect((await stat(join(dir, 'app/run'))).mode & 0o777).toBe(0o755);
});

it('says what stood in the way', async () => {
  await writeFile(join(folder, 'file'), '');
  await expect(
    compileScandir([{ name: 'app', command: ['x'] }], join(folder, 'file/scandir')),
  ).rejects.toMatchObject({
    code: 'SCANDIR_NOT_WRITTEN',
    cause: { code: 'ENOTDIR' },
  });
});
