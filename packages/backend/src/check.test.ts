import { getEventListeners } from 'node:events';
import { createServer as createHttpServer, type RequestListener } from 'node:http';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { checkApp } from './check.ts';

const servers: Server[] = [];
const never = new AbortController().signal;
/** tcpmux: a port that no machine uses. */
const UNUSED_PORT = 1;
const home = { by: 'http', path: '/' } as const;

async function listening(server: Server): Promise<number> {
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

const app = (listener: RequestListener) => listening(createHttpServer(listener));

async function closeAll(): Promise<void> {
  await Promise.all(servers.splice(0).map((server) => new Promise((resolve) => server.close(resolve))));
}

afterEach(closeAll);

describe('an HTTP check', () => {
  it.each([200, 204, 302, 399])('passes with %i', async (status) => {
    const port = await app((_, response) => response.writeHead(status).end());
    expect(await checkApp(home, port, never)).toEqual({ passed: true });
  });

  it.each([404, 500, 503])('fails with %i and says so', async (status) => {
    const port = await app((_, response) => response.writeHead(status).end());
    expect(await checkApp({ by: 'http', path: '/up?deep=1' }, port, never)).toEqual({
      passed: false,
      problem: `GET /up?deep=1 answered ${status}`,
      refused: false,
    });
  });

  it('asks for its path, over a connection that it does not keep', async () => {
    const seen: string[] = [];
    const port = await app((request, response) => {
      seen.push(`${request.method} ${request.url} ${request.headers.connection}`);
      response.end();
    });
    await checkApp({ by: 'http', path: '/health' }, port, never);
    expect(seen).toEqual(['GET /health close']);
  });

  it('fails when an app does not answer in time', async () => {
    const port = await app(() => undefined);
    expect(await checkApp(home, port, never)).toEqual({
      passed: false,
      problem: 'GET /: no answer within 2000 ms',
      refused: false,
    });
  });

  it('fails when an app hangs up', async () => {
    const port = await app((request) => request.socket.destroy());
    expect(await checkApp(home, port, never)).toMatchObject({ passed: false, refused: false });
  });

  it('knows a port on which nobody listens', async () => {
    expect(await checkApp(home, UNUSED_PORT, never)).toMatchObject({ passed: false, refused: true });
  });

  it('ends at once when it is no longer wanted', async () => {
    const port = await app(() => undefined);
    expect(await checkApp(home, port, AbortSignal.abort())).toMatchObject({ passed: false });
  });
});

describe('a TCP check', () => {
  it('leaves nothing behind on its signal', async () => {
    const { signal } = new AbortController();
    const port = await listening(createServer((socket) => socket.resume()));
    for (const each of [port, UNUSED_PORT]) await checkApp({ by: 'tcp' }, each, signal);
    await vi.waitFor(() => expect(getEventListeners(signal, 'abort')).toEqual([]));
  });

  it('passes when a connection is accepted', async () => {
    const port = await listening(createServer((socket) => socket.resume()));
    expect(await checkApp({ by: 'tcp' }, port, never)).toEqual({ passed: true });
  });

  it('knows a port on which nobody listens', async () => {
    expect(await checkApp({ by: 'tcp' }, UNUSED_PORT, never)).toMatchObject({
      passed: false,
      refused: true,
    });
  });
});
