import { exec } from 'node:child_process';
import { cp, mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { buildImage, type ContextFile, connectEngine } from '@rollcall/engine';
import { Cluster, until } from '@rollcall/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type PackedPackage, packAll, workspace } from './packed.ts';

const source = fileURLToPath(new URL('../consumer', import.meta.url));

let cluster: Cluster;
let page: string;
let packages: PackedPackage[];
/** The consumer's workspace, outside of ours. */
let folder: string;
let packed: string;

beforeAll(async () => {
  cluster = await Cluster.open('consumer');
  page = await readFile(join(workspace, 'docs/packages.md'), 'utf8');
  folder = join(await cluster.stage.folder(), 'greeter');
  packed = join(folder, '../packed');
  await mkdir(packed);
  packages = await packAll(packed);
  await cp(source, folder, { recursive: true });
  await asThePageSays('npm install "$PACKED"/*.tgz', '--prefer-offline --no-audit --no-fund');
});
afterAll(() => cluster?.close());

/** Runs a line of the page in the consumer's workspace; `options` spare the registry and its advice. */
async function asThePageSays(line: string, options = ''): Promise<void> {
  expect(page.split('\n')).toContain(line);
  await here(`${line} ${options}`);
}

async function here(line: string): Promise<string> {
  const { stdout } = await promisify(exec)(line, { cwd: folder, env: { ...process.env, PACKED: packed } });
  return stdout;
}

async function filesBelow(path: string): Promise<string[]> {
  const entries = await readdir(path, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

test('docs/packages.md shows every file as it is', async () => {
  const texts = await Promise.all((await filesBelow(source)).map((path) => readFile(path, 'utf8')));
  expect(texts.filter((text) => !page.includes(`\n${text}\`\`\`\n`))).toEqual([]);
});

test('Node finds every package where npm has put it', async () => {
  const imports = packages.map(({ name }) => `import('${name}')`).join(', ');
  await here(`node --input-type=module --eval "await Promise.all([${imports}])"`);
  expect(await here('npx rollcall --version')).toMatch(/^\d+\.\d+\.\d+\n$/);
});

test('TypeScript finds the types, and finds no fault in them', async () => {
  await asThePageSays('npm run check');
  await here('npx tsc --module esnext --moduleResolution bundler');
});

test('an image on the base image joins a cluster and answers through its balancer', async () => {
  await asThePageSays('npm run bundle');
  const image = await build();
  const [balancer] = await Promise.all([
    cluster.balancer(),
    cluster.web('g1', { image, env: { ROLLCALL_GREETING: 'good morning' } }),
  ]);
  const answer = await until('the greeting through the balancer', async () => (await balancer.get()).text(), {
    accept: (text) => text.startsWith('good'),
  });
  expect(answer).toBe('good morning\n');
});

/** As `docker build image` does, on whichever engine the tests use. @returns the image's reference */
async function build(): Promise<string> {
  const { stage } = cluster;
  const root = join(folder, 'image');
  const context = new Map<string, ContextFile>();
  for (const path of await filesBelow(root)) {
    context.set(path.slice(root.length + 1), { content: await readFile(path) });
  }
  const reference = `${stage.id}-greeter`;
  stage.ownImage(reference);
  await buildImage(await connectEngine({ workspace }), {
    context,
    dockerfile: 'Dockerfile',
    tags: [reference],
    labels: stage.labels,
    onLine: () => {},
  });
  return reference;
}
