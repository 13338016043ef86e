import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { Stories } from './stories.ts';

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'stories-'));
  path = join(folder, 'stories.json');
});
afterEach(() => rm(folder, { recursive: true }));

it('tells what happened to a node, when and why', () => {
  const stories = new Stories(path);
  stories.tell({ node: 's1', what: 'ready', cause: 'says that it is ready' }, 0);
  stories.tell({ node: 's1', what: 'gone', cause: 'has left' }, 1500);
  expect(stories.all()).toEqual({
    s1: [
      { at: '1970-01-01T00:00:00.000Z', what: 'ready', cause: 'says that it is ready' },
      { at: '1970-01-01T00:00:01.500Z', what: 'gone', cause: 'has left' },
    ],
  });
});

it('a handler that is started anew goes on with it', async () => {
  const stories = new Stories(path);
  stories.tell({ node: 's1', what: 'ready', cause: 'x' }, 0);
  await stories.save();
  const later = new Stories(path);
  await later.load();
  later.tell({ node: 's1', what: 'gone', cause: 'y' }, 0);
  expect(later.all()['s1']?.map(({ what }) => what)).toEqual(['ready', 'gone']);
});

it.each(['', 'x', '{"s1": 1}'])('begins anew where the file is damaged: %j', async (text) => {
  await writeFile(path, text);
  const stories = new Stories(path);
  await stories.load();
  expect(stories.all()).toEqual({});
});

it('is no longer than can be read', () => {
  const stories = new Stories(path);
  for (let at = 0; at < 100; at += 1) stories.tell({ node: 's1', what: 'ready', cause: 'x' }, at);
  expect(stories.all()['s1']).toHaveLength(30);
  for (let at = 0; at < 200; at += 1) stories.tell({ node: `n${at}`, what: 'ready', cause: 'x' }, at);
  expect(Object.keys(stories.all())).toHaveLength(200);
  expect(stories.all()).not.toHaveProperty('s1');
});
