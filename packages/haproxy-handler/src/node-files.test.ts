import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { registered } from './examples.ts';
import { NodeFiles } from './node-files.ts';

let folder: string;
const log = { debug() {}, info() {}, warn: vi.fn(), error() {} };
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'nodes-'));
  log.warn.mockClear();
});
afterEach(() => rm(folder, { recursive: true }));

it('there is one file for each registered node, for people to read', async () => {
  const files = new NodeFiles(folder, log);
  await files.save([registered('s1'), registered('s2')]);
  expect(await readdir(folder)).toEqual(['s1', 's2']);
  expect(JSON.parse(await readFile(join(folder, 's1'), 'utf8'))).toEqual({
    name: 's1',
    service: 'web',
    routes: [{ route: '/', since: '1970-01-01T00:00:00.000Z' }],
    address: '10.0.0.1',
    port: 3000,
    weight: 100,
    boot: 'b1',
    mode: 'ready',
    since: '1970-01-01T00:00:00.000Z',
  });
  await files.save([registered('s2')]);
  expect(await readdir(folder)).toEqual(['s2']);
});

it('a file of an earlier version tells of a node of web that claims everything', async () => {
  await writeFile(join(folder, 's1'), JSON.stringify(file()));
  expect(await new NodeFiles(folder, log).load()).toMatchObject([
    { name: 's1', service: 'web', backend: 'web', claims: [{ route: '/', since: 0 }] },
  ]);
});

it('a handler that is started anew starts from them', async () => {
  const db = { service: 'db', backend: 'tcp:db', claims: [{ route: 'tcp:5432', since: 9 }] };
  const servers = [
    registered('s1', { address: 'fd00::1' }),

    registered('s2', { mode: 'maint', since: 5 }),
    registered('s3', db),
  ];
  await new NodeFiles(folder, log).save(servers);
  const files = new NodeFiles(folder, log);
  expect(await files.load()).toEqual(
    servers.map((server) => ({ ...server, cause: 'was registered when the handler started' })),
  );
  await files.save([]);
  expect(await readdir(folder)).toEqual([]);
});

it.each([
  ['no JSON', 's1', 'x'],
  ['nothing', 's1', ''],
  ['another name', 's1', JSON.stringify({ ...file(), name: 's2' })],
  ['an address that is none', 's1', JSON.stringify({ ...file(), address: '10.0.0.1 check' })],
  ['a port that is none', 's1', JSON.stringify({ ...file(), port: 0 })],
  ['a service that is none', 's1', JSON.stringify({ ...file(), service: 'a b' })],
  [
    'a route that is none',
    's1',
    JSON.stringify({ ...file(), routes: [{ route: 'a b', since: file().since }] }),
  ],
])('a file with %s is left alone', async (_, name, text) => {
  await writeFile(join(folder, name), text);
  expect(await new NodeFiles(folder, log).load()).toEqual([]);
  expect(log.warn).toHaveBeenCalledOnce();
  expect(await readdir(folder)).toEqual([name]);
});

function file() {
  const { cause: _, since, ...rest } = registered('s1');
  return { ...rest, since: new Date(since).toISOString() };
}

it('a file that cannot be the name of a node is not looked at', async () => {
  await writeFile(join(folder, '.s1'), JSON.stringify({ ...file(), name: '.s1' }));
  expect(await new NodeFiles(folder, log).load()).toEqual([]);
  expect(log.warn).not.toHaveBeenCalled();
});

it('no folder is no node', async () => {
  expect(await new NodeFiles(join(folder, 'nowhere'), log).load()).toEqual([]);
});
