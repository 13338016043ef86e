import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openFilesProblem } from './open-files.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'limits-'));
});
afterEach(() => rm(folder, { recursive: true }));

const problemWith = async (limit: string) => {
  const path = join(folder, 'limits');
  const head = 'Limit                     Soft Limit           Hard Limit           Units     ';
  await writeFile(
    path,
    `${head}\nMax open files            200                  ${limit.padEnd(21)}files     \n`,
  );
  return (await openFilesProblem(path))?.message;
};

it('is told with the limit and what to do', async () => {
  expect(await problemWith('200')).toMatch(/256 open files.* is 200\. .*--ulimit nofile/);
});

it.each(['256', '1048576', 'unlimited'])('is none with %s', async (limit) => {
  expect(await problemWith(limit)).toBeUndefined();
});
