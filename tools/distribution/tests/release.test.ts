import { exec } from 'node:child_process';
import { mkdtemp, readdir, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { outerEnvironment } from '@rollcall/testkit';
import { expect, test } from 'vitest';
import { workspace } from './packed.ts';

/** Without a daemon: it would be this workspace's, with its socket in a folder that is gone after the tests. */
const environment = { ...outerEnvironment(), NX_TUI: 'false', NX_DAEMON: 'false' };

/** @returns all that it prints: to a file, as Nx ends before a pipe has taken its last lines */
async function dryRun(specifier: string): Promise<string> {
  const output = join(await mkdtemp(join(tmpdir(), 'release-')), 'output');
  await promisify(exec)(`npx nx release ${specifier} --dry-run --skip-publish > ${output} 2>&1`, {
    cwd: workspace,
    env: environment,
  });
  return await readFile(output, 'utf8');
}

test('a release would give every package, image and tool the same next version, tag it and change nothing yet', async () => {
  const manifest = join(workspace, 'packages/handler/package.json');
  const before = await readFile(manifest, 'utf8');
  const [major, minor] = JSON.parse(before).version.split('.').map(Number);
  const output = await dryRun('minor');

  const groups = ['packages', 'images', 'tools'];
  const folders = await Promise.all(
    groups.map(async (group) =>
      (await readdir(join(workspace, group))).map((folder) => `${group}/${folder}/package.json`),
    ),
  );
  const updated = [...output.matchAll(/UPDATE (\S*package\.json) \[dry-run\]/g)].map(([, path]) => path);
  expect(updated.sort(), output).toEqual([...folders.flat(), 'package.json'].sort());
  const versions = [...output.matchAll(/^\+ +"version": "(.+)"/gm)].map(([, version]) => version);
  expect([...new Set(versions)], output).toEqual([`${major}.${minor + 1}.0`]);
  expect(await readFile(manifest, 'utf8')).toBe(before);
});
