import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { askMaster } from './master-socket.ts';

let folder: string;
let server: Server | undefined;
const sockets: Socket[] = [];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'master-'));
});
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await new Promise((resolve) => (server ? server.close(resolve) : resolve(undefined)));
  server = undefined;
  await rm(folder, { recursive: true });
});

async function listen(onConnection: (socket: Socket) => void): Promise<string> {
  const path = join(folder, 'socket');
  server = createServer({ allowHalfOpen: true }, (socket) => {
    sockets.push(socket);
    onConnection(socket);
  });
  await new Promise<void>((resolve) => server?.listen(path, resolve));
  return path;
}

it('sends one command, ends, and gives the whole answer', async () => {
  const path = await listen((socket) => {
    const asked: Buffer[] = [];
    socket.on('data', (chunk) => asked.push(chunk));
    socket.on('end', () => {
      socket.write(`asked: ${Buffer.concat(asked)}`);
      socket.end('and more\n\n');
    });
  });
  expect(await askMaster(path, 'show proc', 60_000)).toBe('asked: show proc\nand more');
});

it('takes an empty line for an answer', async () => {
  const path = await listen((socket) => socket.once('data', () => socket.end('\n')));
  expect(await askMaster(path, 'enable health', 60_000)).toBe('');
});

it('does not take no answer at all for one', async () => {
  const path = await listen((socket) => socket.once('data', () => socket.end()));
  await expect(askMaster(path, 'enable health', 60_000)).rejects.toThrow('it said nothing');
});

it('says where nobody answers', async () => {
  const path = join(folder, 'nobody');
  const asking = askMaster(path, 'show proc', 60_000);
  await expect(asking).rejects.toMatchObject({ code: 'HAPROXY_UNREACHABLE' });
  await expect(asking).rejects.toThrow(path);
});

it('does not wait for ever', async () => {
  const path = await listen((socket) => socket.resume());
  await expect(askMaster(path, 'show proc', 20)).rejects.toThrow('no answer to "show proc" within 20 ms');
});
