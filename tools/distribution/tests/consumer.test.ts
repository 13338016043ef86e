import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Stage, threeFreePorts } from '@rollcall/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { lettersOfOurOwn, removeNamed } from './named.ts';
import { workspace } from './packed.ts';
import { commandsBelow, commandsOf, filesOf } from './page.ts';
import { Terminal } from './terminal.ts';

/** In every name that the page makes, so that nothing else on the engine is touched. */
const own = lettersOfOurOwn();
let stage: Stage;
let page: string;
/** In the clone. */
let inside: Terminal;
/** In the consumer's workspace. */
let outside: Terminal;

beforeAll(async () => {
  stage = await Stage.open('consumer');
  const folder = await stage.folder();
  page = await pageOfOurOwn();
  const PACKED = join(folder, 'packed');
  inside = await Terminal.open(workspace, { PACKED });
  outside = await Terminal.open(join(folder, 'greeter'), { PACKED });
});
afterAll(async () => {
  if (stage) await removeNamed(stage.docker, own);
  await stage?.close();
});

/** docs/packages.md with names and ports that nobody else uses here. */
async function pageOfOurOwn(): Promise<string> {
  const text = await readFile(join(workspace, 'docs/packages.md'), 'utf8');
  const [http, stats] = await threeFreePorts();
  return text
    .replaceAll(/\bgreeter\b/g, `greeter${own}`)
    .replaceAll('8090', http)
    .replaceAll('1946', stats);
}

test('the packages are packed in the clone', async () => {
  for (const command of commandsBelow(page, 'The packages')) await inside.type(command);
});

test('a workspace of files that the page shows is bundled, checked and built with them', async () => {
  for (const [path, text] of Object.entries(filesOf(page))) {
    const file = join(outside.folder, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text);
  }
  for (const command of commandsBelow(page, 'Build it')) {
    // To spare the registry, and its advice.
    const installs = command.line.startsWith('npm install');
    await outside.type(command, installs ? ' --prefer-offline --no-audit --no-fund' : '');
  }
});

test('Node finds every package where npm has put it', async () => {
  const names = (await readdir(join(workspace, 'packages'))).map((name) => `import('@rollcall/${name}')`);
  await outside.run(`node --input-type=module --eval "await Promise.all([${names}])"`);
  expect(await outside.run('npx rollcall --version')).toMatch(/^\d+\.\d+\.\d+\n$/);
});

test('TypeScript finds the types as bundlers resolve them, too', async () => {
  await outside.run('npx tsc --module esnext --moduleResolution bundler');
});

test('nodes of the new type join a cluster and answer through its balancer', async () => {
  for (const command of commandsBelow(page, 'Run it')) {
    await outside.type(command, command.line.startsWith('npx rollcall up') ? ' --ready-limit 600' : '');
  }
});

test('that is all that the page shows', () => {
  expect(commandsOf(page).map(({ line }) => line)).toEqual([...inside.typed, ...outside.typed]);
});
