import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Stage } from '@rollcall/testkit';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { DELIVERABLES } from '../src/deliverables.ts';
import { measureOneSeed } from '../src/measures/one-seed.ts';
import { measureSingleEvents } from '../src/measures/single-events.ts';
import { filesIn } from '../src/notebook.ts';
import { WORKSPACE } from '../src/places.ts';
import { play } from '../src/play.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await Stage.open('lab');
});
afterAll(() => stage?.close());

it('plays every task, checks what it shows, and leaves every deliverable and no trace of this machine', async () => {
  const folder = await stage.folder();
  await play(folder, () => {});
  const files = [...(await filesIn(folder)).keys()].sort();
  expect(files).toEqual(
    DELIVERABLES.flat()
      .map(({ path }) => path)
      .sort(),
  );
  for (const path of files) {
    expect((await readFile(join(folder, path))).includes(WORKSPACE), path).toBe(false);
  }
});

it('shows what is wrong with a single seed and with single events', async () => {
  expect(await measureOneSeed()).toMatchObject({ exitCode: 1, lastLine: expect.stringContaining('ha') });
  expect((await measureSingleEvents()).config).toMatch(/server s[12] /);
});
