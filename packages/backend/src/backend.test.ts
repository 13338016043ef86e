import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { BackendAnnouncement, Context } from '@rollcall/handler';
import type { BackendState, View } from '@rollcall/membership';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Backend } from './backend.ts';
import type { BackendConfig } from './variables.ts';

/** What the node tells the room, in order: the states it announces and to whom it spreads them. */
let told: string[];
let problems: (string | undefined)[];
let status: number;
let app: Server;
let backend: Backend;

const view: View = {
  members: [
    { name: 'ha', address: '10.0.0.2', status: 'alive', tags: { role: 'balancer', boot: 'b2' } },
    { name: 's1', address: '10.0.0.3', status: 'alive', tags: { role: 'member', boot: 'b1' } },
  ],
};

function startBackend(before: BackendState): Backend {
  const { port } = app.address() as AddressInfo;
  const silent = () => undefined;
  const context = {
    config: { port, check: { by: 'http', path: '/' }, weight: 7, service: 'shop' },
    node: { name: 's1', boot: 'b1' },
    log: { info: silent, warn: silent, debug: silent },
    room: { spread: async (names: string[]) => told.push(`spread to ${names}`) },
    queries: {
      ask: async (query: { name: string }, _: unknown, { nodes }: { nodes: string[] }) => {
        told.push(`${query.name}?`);
        const answer = query.name === 'drain' ? { applied: true, inFlight: 0 } : { idle: true, inFlight: 0 };
        return { answers: new Map(nodes.map((node) => [node, answer])), refused: new Map(), missing: [] };
      },
    },
    announce: async (announcement: BackendAnnouncement) => told.push(announcement.state),
    statusChanged: silent,
    healthy: (problem?: string) => problems.push(problem),
  };
  const started = new Backend(context as unknown as Context<BackendConfig>, before);
  started.viewChanged(view);
  return started;
}

/** Waits until the node has told all of this, in this order. */
const hasTold = (...expected: string[]) =>
  vi.waitFor(() => expect(told).toEqual(expected), { timeout: 60_000, interval: 10 });

const budget = () => ({ signal: new AbortController().signal, deadline: Date.now() + 60_000 });

beforeEach(async () => {
  told = [];
  problems = [];
  status = 200;
  app = createServer((_, response) => response.writeHead(status).end());
  await new Promise<void>((resolve) => app.listen(0, '127.0.0.1', resolve));
  backend = startBackend('starting');
});

afterEach(async () => {
  await backend.close();
  await new Promise((resolve) => app.close(resolve));
});

it('tells the room when the app is ready, and the balancers at once', async () => {
  await hasTold('ready', 'spread to ha');
  expect(backend.status()).toMatchObject({ service: 'shop', state: 'ready', app: { ready: true } });
  expect(problems.at(-1)).toBeUndefined();
});

it('tells the room when the app is no longer ready, and why', async () => {
  await hasTold('ready', 'spread to ha');
  status = 503;
  await hasTold('ready', 'spread to ha', 'starting', 'spread to ha');
  const lastProblem = 'GET / answered 503';
  expect(backend.status()).toMatchObject({ state: 'starting', app: { ready: false, lastProblem } });
  expect(problems.at(-1)).toBe(`the app is not ready: ${lastProblem}`);
});

it('drains until the balancers say that nothing is in flight, and stays drained', async () => {
  await hasTold('ready', 'spread to ha');
  told = [];
  await backend.drain(budget());
  await vi.waitFor(() => expect(told.sort()).toEqual(['drain?', 'draining', 'idle?', 'spread to ha']));
  status = 503;
  backend.lookAgain();
  await vi.waitFor(() => expect(backend.status().app.ready).toBe(false), { timeout: 60_000 });
  expect(backend.status()).toMatchObject({
    state: 'draining',
    drain: { balancers: [{ node: 'ha', applied: true, inFlight: 0 }] },
  });
});

it('takes a drain back to what the check says', async () => {
  await hasTold('ready', 'spread to ha');
  await backend.drain(budget());
  await backend.undrain();
  expect(backend.status()).toMatchObject({ state: 'ready' });
  expect(backend.status().drain).toBeUndefined();
  expect(told.slice(-2)).toEqual(['ready', 'spread to ha']);
});

it('stays drained when its handler is another', async () => {
  await hasTold('ready', 'spread to ha');
  told = [];
  await backend.close();
  backend = startBackend('draining');
  await hasTold('draining', 'spread to ha');
  await backend.undrain();
  expect(backend.status()).toMatchObject({ state: 'ready' });
});
