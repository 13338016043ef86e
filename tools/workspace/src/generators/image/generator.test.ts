import { spawnSync } from 'node:child_process';
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readJson } from '@nx/devkit';
import { createTreeWithEmptyWorkspace } from '@nx/devkit/testing.js';
import { expect, onTestFinished, test } from 'vitest';
import imageGenerator from './generator.js';
import { addToIndex } from './readme-index.js';

const workspace = fileURLToPath(new URL('../../../../..', import.meta.url));

function emptyWorkspace() {
  const tree = createTreeWithEmptyWorkspace();
  tree.write('package.json', JSON.stringify({ name: 'family', version: '1.2.3' }));
  tree.write('tsconfig.json', JSON.stringify({ references: [{ path: './packages/handler' }] }));
  tree.write('LICENSE', 'MIT');
  return tree;
}

test('an image and its handler are made, at the version of the workspace', async () => {
  const tree = emptyWorkspace();
  await imageGenerator(tree, { name: 'shop', port: 4000 });
  const made = tree.listChanges().map(({ path }) => path);
  expect(made.filter((path) => path.startsWith('images/')).sort()).toEqual([
    'images/shop/Dockerfile',
    'images/shop/README.md',
    'images/shop/package.json',
    'images/shop/rootfs/opt/rollcall/shop/package.json',
    'images/shop/rootfs/opt/rollcall/shop/server.js',
    'images/shop/tests/promises.ts',
    'images/shop/tests/service.test.ts',
    'images/shop/tsconfig.json',
  ]);
  expect(made.filter((path) => path.startsWith('packages/')).sort()).toEqual([
    'packages/shop-handler/LICENSE',
    'packages/shop-handler/README.md',
    'packages/shop-handler/package.json',
    'packages/shop-handler/src/index.ts',
    'packages/shop-handler/src/role.test.ts',
    'packages/shop-handler/tsconfig.json',
  ]);
  expect(readJson(tree, 'images/shop/package.json')).toMatchObject({
    version: '1.2.3',
    dependencies: { '@rollcall/base-image': '1.2.3', '@rollcall/shop-handler': '1.2.3' },
  });
  expect(readJson(tree, 'tsconfig.json').references).toEqual([
    { path: './packages/handler' },
    { path: './packages/shop-handler' },
    { path: './images/shop' },
  ]);
});

test.each([
  ['http', "check: '/'", 'node:http'],
  ['tcp', "check: 'tcp'", 'node:net'],
] as const)('a service that speaks %s is checked that way', async (protocol, check, module) => {
  const tree = emptyWorkspace();
  await imageGenerator(tree, { name: 'shop', role: 'store', port: 4000, protocol });
  const role = tree.read('packages/shop-handler/src/index.ts', 'utf8');
  expect(role).toContain(check);
  expect(role).toContain("name: 'store'");
  expect(role).toContain('const port = 4000;');
  expect(tree.read('images/shop/rootfs/opt/rollcall/shop/server.js', 'utf8')).toContain(module);
});

test.each([
  [{ name: 'Shop' }, 'name: "Shop" is not allowed; it must be lower-case letters'],
  [{ name: '../shop' }, 'name: "../shop" is not allowed'],
  [{ name: 'shop-' }, 'name: "shop-" is not allowed'],
  [{ name: 's'.repeat(33) }, 'at most 32'],
  [{ name: 'serf' }, 'name: "serf" is a service of every node'],
  [{ name: 'there' }, 'name: images/there is there already'],
  [{ name: 'shop', role: 'My Shop' }, 'role: "My Shop" is not allowed'],
  [{ name: 'shop', port: 70_000 }, 'port: 70000 is not allowed; it must be a whole number from 1 to 65535'],
  [{ name: 'shop', protocol: 'udp' as 'tcp' }, 'protocol: "udp" is not allowed; it must be http or tcp'],
])('%j is refused with the reason, and nothing is made', async (given, reason) => {
  const tree = emptyWorkspace();
  tree.write('images/there/Dockerfile', 'FROM scratch');
  const before = tree.listChanges().length;
  await expect(imageGenerator(tree, given)).rejects.toThrow(reason);
  expect(tree.listChanges().length).toBe(before);
});

test.each([
  ['x', 'http'],
  ['x', 'tcp'],
  ['a-name-that-is-as-long-as-allowed', 'http'],
  ['a-name-that-is-as-long-as-allowed', 'tcp'],
] as const)('the linter has nothing to say about %s, %s', async (long, protocol) => {
  const tree = emptyWorkspace();
  await imageGenerator(tree, { name: long.slice(0, 32), protocol });
  const folder = await mkdtemp(join(tmpdir(), 'rollcall-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  await cp(join(workspace, 'biome.json'), join(folder, 'biome.json'));
  for (const { path, content } of tree.listChanges()) {
    if (!/^(images|packages)\//.test(path)) continue;
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), content ?? '');
  }
  const { status, stdout, stderr } = spawnSync(
    join(workspace, 'node_modules/.bin/biome'),
    ['check', '--vcs-enabled=false', '--error-on-warnings', 'images', 'packages'],
    { cwd: folder, encoding: 'utf8' },
  );
  expect(status, stdout + stderr).toBe(0);
});

test('the index of the README has both', () => {
  const readme =
    '| where | what |\n| [images/os](images/os/README.md), [base](b) | the images |\n| x | y |\n';
  expect(addToIndex(readme, 'shop')).toBe(
    '| where | what |\n' +
      '| [packages/shop-handler](packages/shop-handler/README.md) | the role of a shop node |\n' +
      '| [images/os](images/os/README.md), [base](b), [shop](images/shop/README.md) | the images |\n| x | y |\n',
  );
});
