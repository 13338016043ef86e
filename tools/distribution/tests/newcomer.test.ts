import { execFile } from 'node:child_process';
import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Stage, threeFreePorts } from '@rollcall/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { lettersOfOurOwn, removeNamed, withName } from './named.ts';
import { workspace } from './packed.ts';
import { commandsBelow, commandsOf } from './page.ts';
import { Terminal } from './terminal.ts';

/** Not what belongs to the place: history, engine, caches. */
const LEFT_BEHIND = ['.git', '.nx', '.rollcall'];

/** Debian's own, with its own welcome page. */
const NGINX = `
FROM rollcall/os
RUN apt-get update && apt-get install --yes nginx-light && rm -rf /var/lib/apt/lists/*
CMD ["nginx", "-g", "daemon off;"]
`;

/** Two types, each built and held to the contract of every image: minutes where the machine is busy. */
const LIMIT_MS = 1_800_000;

/** In every name that the page makes, so that nothing else on the engine is touched. */
const own = lettersOfOurOwn();
let stage: Stage;
let page: string;
let terminal: Terminal;

beforeAll(async () => {
  stage = await Stage.open('newcomer');
  page = await pageWith(await stage.image('nginx', NGINX));
  terminal = await Terminal.open(await copyOfWorkspace());
}, 600_000);

afterAll(async () => {
  if (stage) await removeNamed(stage.docker, own);
  await stage?.close();
});

/** docs/extending.md with names and ports that nobody else uses here, and with `nginx` without a registry. */
async function pageWith(nginx: string): Promise<string> {
  const text = await readFile(join(workspace, 'docs/extending.md'), 'utf8');
  const [http, stats, tcp] = await threeFreePorts();
  return text
    .replaceAll(/\b(shop|parrot)(?=\d*\b)/g, `$1${own}`)
    .replaceAll('8090', http)
    .replaceAll('1946', stats)
    .replaceAll('7000', tcp)
    .replaceAll(/ nginx$/gm, ` ${nginx}`);
}

/** The workspace as it is, installed and built, in a folder elsewhere. */
async function copyOfWorkspace(): Promise<string> {
  const folder = join(await stage.folder(), 'rollcall');
  await mkdir(folder);
  const entries = (await readdir(workspace)).filter((name) => !LEFT_BEHIND.includes(name));
  await promisify(execFile)('cp', ['-a', ...entries.map((name) => join(workspace, name)), folder]);
  return folder;
}

/** Types what the page shows below a heading. */
async function follow(heading: string): Promise<void> {
  for (const command of commandsBelow(page, heading)) {
    const waits = /^npx rollcall (up|add) /.test(command.line);
    await terminal.type(command, waits ? ' --ready-limit 600' : '');
  }
}

test(
  'a type that speaks HTTP and one that does not are made by a command each, and pass all tests as they are',
  async () => {
    await follow('Make it');
  },
  LIMIT_MS,
);

test('a node of the new type and an unmodified container take their share', async () => {
  await follow('See it run');
});

test('two services are told apart by host, a third one is reached by its TCP port', async () => {
  await follow('Give each its own address');
});

test('nothing is left when it is over, but the images', async () => {
  await follow('Clean up');
  expect(await withName(stage.docker, own)).toEqual(
    ['parrot', 'shop'].map((name) => `image rollcall/${name}${own}:latest`),
  );
});

test('that is all that the page shows', () => {
  expect(commandsOf(page).map(({ line }) => line)).toEqual(terminal.typed);
});
