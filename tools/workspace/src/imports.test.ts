import { spawnSync } from 'node:child_process';
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';

const workspace = fileURLToPath(new URL('../../..', import.meta.url));

/** Which of these imports the workspace's linter refuses, each in a file of package `from` that imports `to`. */
async function refused(imports: [from: string, to: string][]): Promise<[string, string][]> {
  const folder = await mkdtemp(join(tmpdir(), 'rollcall-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  await cp(join(workspace, 'biome.json'), join(folder, 'biome.json'));
  const fileOf = (from: string, to: string) => `packages/${from}/src/${to}.ts`;
  for (const [from, to] of imports) {
    const file = join(folder, fileOf(from, to));
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, `export * from '@rollcall/${to}';\n`);
  }
  const { stdout } = spawnSync(
    join(workspace, 'node_modules/.bin/biome'),
    [
      'lint',
      '--vcs-enabled=false',
      '--only=style/noRestrictedImports',
      '--reporter=github',
      '--max-diagnostics=none',
    ],
    { cwd: folder, encoding: 'utf8' },
  );
  return imports.filter(([from, to]) => stdout.includes(`/${fileOf(from, to)},`));
}

test('imports point one way: cli, a role, backend, handler, the four below; each other direction is refused', async () => {
  const wrong: [string, string][] = [
    ['supervision', 'membership'],
    ['membership', 'templating'],
    ['templating', 'supervision'],
    ['log-shipping', 'supervision'],
    ['supervision', 'handler'],
    ['membership', 'cli'],
    ['handler', 'haproxy-handler'],
    ['handler', 'cli'],
    ['handler', 'backend'],
    ['supervision', 'backend'],
    ['backend', 'webapp-handler'],
    ['backend', 'conformance'],
    ['conformance', 'webapp-handler'],
    ['backend', 'cli'],
    ['haproxy-handler', 'webapp-handler'],
    ['webapp-handler', 'haproxy-handler'],
    ['webapp-handler', 'cli'],
  ];
  const right: [string, string][] = [
    ['handler', 'supervision'],
    ['handler', 'membership'],
    ['handler', 'templating'],
    ['handler', 'log-shipping'],
    ['haproxy-handler', 'handler'],
    ['haproxy-handler', 'templating'],
    ['backend', 'handler'],
    ['conformance', 'handler'],
    ['webapp-handler', 'conformance'],
    ['backend', 'membership'],
    ['backend', 'supervision'],
    ['webapp-handler', 'backend'],
    ['webapp-handler', 'membership'],
    ['cli', 'webapp-handler'],
    ['cli', 'backend'],
    ['cli', 'handler'],
  ];
  expect(await refused([...right, ...wrong])).toEqual(wrong);
});
