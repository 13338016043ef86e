import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Stage } from '@rollcall/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { workspace } from './packed.ts';

interface Listed {
  name: string;
  versionInfo: string;
  licenseDeclared: string;
  externalRefs?: { referenceLocator: string }[];
}

let stage: Stage;
let listed: Listed[];

beforeAll(async () => {
  stage = await Stage.open('sbom');
  const args = ['tools/image-builder/dist/main.js', 'sbom', 'images/haproxy'];
  const { stdout } = await promisify(execFile)('node', args, { cwd: workspace, maxBuffer: 16 * 1024 * 1024 });
  listed = JSON.parse(stdout).packages;
});
afterAll(() => stage?.close());

const named = (name: string) => listed.find((found) => found.name === name);

test("an image's bill of materials has every Debian package that dpkg knows of", async () => {
  const container = await stage.create({ image: 'rollcall/haproxy', cmd: ['sleep', 'infinity'] });
  await container.start();
  // A line each: the name, some with their architecture, a tab, the version.
  const { stdout } = await container.exec(['dpkg-query', '--show']);
  const known = listed.map(({ name, versionInfo }) => `${name}\t${versionInfo}`);
  expect(
    stdout
      .trim()
      .replaceAll(/:\w+\t/g, '\t')
      .split('\n')
      .filter((found) => !known.includes(found)),
  ).toEqual([]);
});

test('it has what was copied from another stage, at the version that runs', async () => {
  const container = await stage.create({ image: 'rollcall/haproxy', cmd: ['sleep', 'infinity'] });
  await container.start();
  const { stdout } = await container.exec(['haproxy', '-v']);
  expect(stdout).toContain(named('haproxy')?.versionInfo);
});

test('it has the npm packages inside the bundles, at the locked versions and with their licenses', async () => {
  const lock = JSON.parse(await readFile(join(workspace, 'package-lock.json'), 'utf8')).packages;
  const bundled = ['pino', 'valibot', 'handlebars', '@msgpack/msgpack'];
  const expected = bundled.map((name) => {
    const { version, license } = lock[`node_modules/${name}`];
    return { name, versionInfo: version, licenseDeclared: license };
  });
  expect(bundled.map(named)).toMatchObject(expected);
});

test('every package is named as scanners name it', () => {
  const [, ...packages] = listed;
  const locators = packages.map(({ externalRefs }) => externalRefs?.[0]?.referenceLocator);
  expect(locators.filter((locator) => !/^pkg:(deb|npm)\/\S+@\S+$/.test(locator ?? ''))).toEqual([]);
});
