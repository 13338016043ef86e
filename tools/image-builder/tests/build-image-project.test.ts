import { randomBytes } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { connectEngine, type Engine, findImage } from '@rollcall/engine';
import { buildImageProject } from '@rollcall/image-builder';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { TestWorkspace } from '../src/test-workspace.ts';

let engine: Engine;
let workspace: TestWorkspace;
let names: string[];

beforeEach(async () => {
  engine = await connectEngine({ workspace: fileURLToPath(new URL('../../..', import.meta.url)) });
  workspace = await TestWorkspace.make();
  names = [];
});

afterEach(async () => {
  await workspace.remove();
  for (const name of names.reverse()) await remove(`rollcall/${name}`);
});

async function remove(image: string): Promise<void> {
  if (await findImage(engine, image)) await engine.docker.getImage(image).remove();
}

/** An image project whose name nobody else has. */
async function imageProject(
  dockerfile: string,
  dependencies: string[] = [],
): Promise<{ name: string; folder: string }> {
  const name = `builder-test-${randomBytes(4).toString('hex')}`;
  names.push(name);
  return { name, folder: await write(name, dockerfile, name, dependencies) };
}

async function write(
  name: string,
  dockerfile: string,
  greeting: string,
  dependencies: string[] = [],
): Promise<string> {
  return await workspace.add(
    `@rollcall/${name}-image`,
    { dependencies },
    { Dockerfile: dockerfile, 'rootfs/greeting': greeting },
  );
}

const scratch = 'FROM scratch\nCOPY rootfs/ /\n';

test('an image that the engine has is not built again', async () => {
  const { name, folder } = await imageProject(scratch);
  const first = await buildImageProject(engine, folder);
  expect(first).toMatchObject({ tag: `rollcall/${name}`, built: true });
  expect(await buildImageProject(engine, folder)).toEqual({ ...first, built: false });
});

test('an image that was removed from the engine is never taken for built', async () => {
  const { name, folder } = await imageProject(scratch);
  await buildImageProject(engine, folder);
  await remove(`rollcall/${name}`);
  expect(await buildImageProject(engine, folder)).toMatchObject({ built: true });
  expect(await findImage(engine, `rollcall/${name}`)).toBeDefined();
});

test('another image under its tag is never taken for it', async () => {
  const [mine, other] = [await imageProject(scratch), await imageProject(`${scratch}LABEL other=yes\n`)];
  await buildImageProject(engine, mine.folder);
  await buildImageProject(engine, other.folder);
  await engine.docker
    .getImage(`rollcall/${other.name}`)
    .tag({ repo: `rollcall/${mine.name}`, tag: 'latest' });
  expect(await buildImageProject(engine, mine.folder)).toMatchObject({ built: true });
});

test('a changed file builds the image and the one that descends from it again', async () => {
  const parent = await imageProject(scratch);
  const dockerfile = `FROM rollcall/${parent.name}\nCOPY rootfs/ /child/\n`;
  const child = await imageProject(dockerfile, [`@rollcall/${parent.name}-image`]);
  await buildImageProject(engine, parent.folder);
  await buildImageProject(engine, child.folder);

  await write(parent.name, scratch, 'changed');
  expect(await buildImageProject(engine, parent.folder)).toMatchObject({ built: true });
  expect(await buildImageProject(engine, child.folder)).toMatchObject({ built: true });
  expect(await buildImageProject(engine, child.folder)).toMatchObject({ built: false });
});

test('the image that a new one replaces is removed', async () => {
  const { name, folder } = await imageProject(scratch);
  const { id } = await buildImageProject(engine, folder);
  await write(name, scratch, 'changed');
  await buildImageProject(engine, folder);
  expect(await findImage(engine, id)).toBeUndefined();
});

test('the image that a new one replaces stays where somebody gave it a name', async () => {
  const { name, folder } = await imageProject(scratch);
  const { id } = await buildImageProject(engine, folder);
  names.push(`${name}-kept`);
  await engine.docker.getImage(id).tag({ repo: `rollcall/${name}-kept`, tag: 'latest' });
  await write(name, scratch, 'changed');
  await buildImageProject(engine, folder);
  expect(await findImage(engine, `rollcall/${name}-kept`)).toMatchObject({ id });
});

test('an image says what it is', async () => {
  const { name, folder } = await imageProject(scratch);
  await buildImageProject(engine, folder);
  const image = await findImage(engine, `rollcall/${name}`);
  expect(image?.labels).toEqual({
    'org.opencontainers.image.title': `rollcall/${name}`,
    'org.opencontainers.image.description': `This is @rollcall/${name}-image`,
    'org.opencontainers.image.version': '1.2.3',
    'org.opencontainers.image.licenses': 'MIT',
    'org.opencontainers.image.base.name': 'scratch',
    'rollcall.inputs': expect.stringMatching(/^[0-9a-f]{64}$/),
  });
});

test('a step that fails is told with its output', async () => {
  const { folder } = await imageProject('FROM rollcall/debian:trixie\nRUN expr 40 + 2 >&2; false\n');
  await expect(buildImageProject(engine, folder)).rejects.toMatchObject({
    code: 'BUILD_FAILED',
    message: expect.stringContaining('  42'),
  });
});

test('a parent that the engine does not have is named', async () => {
  const parent = await imageProject(scratch);
  const child = await imageProject(`FROM rollcall/${parent.name}\n`, [`@rollcall/${parent.name}-image`]);
  await expect(buildImageProject(engine, child.folder)).rejects.toMatchObject({
    code: 'PARENT_MISSING',
    message: expect.stringContaining(`npx nx build @rollcall/${child.name}-image`),
  });
});

test("a build's steps are told as they come", async () => {
  const { folder } = await imageProject(scratch);
  const steps: string[] = [];
  await buildImageProject(engine, folder, { progress: (line) => steps.push(line) });
  expect(steps).toContainEqual(expect.stringContaining('COPY rootfs/ /'));
});

test('a module in the image is a package that Node finds', async () => {
  await workspace.add('@rollcall/greeter', {}, { 'dist/index.js': "export default 'hello';" });
  const dockerfile = [
    'FROM rollcall/os',
    'COPY modules/ /opt/node_modules/',
    `RUN cd /opt && node --input-type=module --eval "import '@rollcall/greeter'"`,
  ].join('\n');
  await workspace.add('@rollcall/os-image', {}, { Dockerfile: 'FROM rollcall/debian:trixie' });
  const { folder } = await imageProject(dockerfile, ['@rollcall/os-image', '@rollcall/greeter']);
  expect(await buildImageProject(engine, folder)).toMatchObject({ built: true });
});
