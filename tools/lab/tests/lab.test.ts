import { readFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { Stage } from '@rollcall/testkit';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openBrowser } from '../src/browser.ts';
import { DELIVERABLES } from '../src/deliverables.ts';
import { measureOneSeed } from '../src/measures/one-seed.ts';
import { measureSingleEvents } from '../src/measures/single-events.ts';
import { filesIn } from '../src/notebook.ts';
import { WORKSPACE } from '../src/places.ts';
import { play } from '../src/play.ts';

/** A limit for what hangs, in ms: a browser may have to be installed, and seven tasks are played. */
const LIMIT_MS = 1_800_000;

let stage: Stage;
beforeAll(async () => {
  stage = await Stage.open('lab');
  await (await openBrowser(() => {})).close();
}, LIMIT_MS);
afterAll(() => stage?.close());

it(
  'plays every task, checks what it shows, and leaves every deliverable and no trace of this machine',
  async () => {
    const folder = await stage.folder();
    await play(folder, () => {});
    const files = [...(await filesIn(folder)).keys()].sort();
    expect(files).toEqual(
      DELIVERABLES.flat()
        .map(({ path }) => path)
        .sort(),
    );
    const { DockerRootDir } = (await stage.docker.info()) as { DockerRootDir: string };
    const traces = [WORKSPACE, DockerRootDir, `@${hostname()}`];
    for (const path of files) {
      const content = await readFile(join(folder, path));
      expect(
        traces.filter((trace) => content.includes(trace)),
        path,
      ).toEqual([]);
    }
  },
  LIMIT_MS,
);

it('shows what is wrong with a single seed and with single events', async () => {
  expect(await measureOneSeed()).toMatchObject({ exitCode: 1, lastLine: expect.stringContaining('ha') });
  expect((await measureSingleEvents()).config).toMatch(/server s[12] /);
});
