import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { builtIn, readTemplate } from './templates.ts';

it('takes the given file, and says when it is not there', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'templates-'));
  const file = join(folder, 'own.hbs');
  await expect(readTemplate(file)).rejects.toMatchObject({ code: 'TEMPLATE_MISSING' });
  await writeFile(file, 'backend web\n');
  expect(await readTemplate(file)).toEqual({ file, text: 'backend web\n' });
  await rm(folder, { recursive: true });
});

it('takes the built-in one when none is given and none is mounted', async () => {
  expect(await readTemplate(undefined)).toBe(builtIn);
});
