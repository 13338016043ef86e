import { mkdir, mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { isInstalled, isNodeNewEnough } from './preconditions.js';

test.each([
  ['20.19.0', true],
  ['20.20.2', true],
  ['22.1.0', true],
  ['20.18.9', false],
  ['18.30.30', false],
])('Node %s is new enough for >=20.19.0: %s', (version, expected) => {
  expect(isNodeNewEnough(version, '>=20.19.0')).toBe(expected);
});

test.each([
  ['nothing is installed', { 'package-lock.json': 1 }, false],
  ['it is older than the lock file', { 'package-lock.json': 2, 'node_modules/.package-lock.json': 1 }, false],
  ['it is as new as the lock file', { 'package-lock.json': 1, 'node_modules/.package-lock.json': 1 }, true],
])('whether to install: %s', async (_, files, expected) => {
  const workspace = await mkdtemp(join(tmpdir(), 'rollcall-'));
  onTestFinished(() => rm(workspace, { recursive: true }));
  for (const [name, seconds] of Object.entries(files)) {
    await mkdir(dirname(join(workspace, name)), { recursive: true });
    await writeFile(join(workspace, name), '');
    await utimes(join(workspace, name), seconds, seconds);
  }
  expect(await isInstalled(workspace)).toBe(expected);
});
