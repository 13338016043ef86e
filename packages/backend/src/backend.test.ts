import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type BackendAnnouncement, type Context, steadyNow } from '@rollcall/handler';
import type { View } from '@rollcall/membership';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Backend } from './backend.ts';
import type { StateBefore } from './state-before.ts';
import type { BackendConfig } from './variables.ts';

/** What the node tells the room, in order: the states it announces and to whom it spreads them. */
let told: string[];
let claimed: BackendAnnouncement['claims'];
let problems: (string | undefined)[];
let status: number;
let app: Server;
let backend: Backend;
/** What happens when the room is looked at. */
let look: () => void;

const view: View = {
  members: [
    { name: 'ha', address: '10.0.0.2', status: 'alive', tags: { role: 'balancer', boot: 'b2' } },
    { name: 's1', address: '10.0.0.3', status: 'alive', tags: { role: 'member', boot: 'b1' } },
  ],
};

/** Another node of the service, whose claim is as old as can be. */
const elder: View['members'][number] = {
  ...{ name: 's2', address: '10.0.0.4', status: 'alive' },
  tags: {
    ...{ role: 'backend', boot: 'b3', service: 'shop', port: 1, state: 'ready', weight: 1 },
    ...{ check: { by: 'tcp' }, claims: [{ route: '/', since: 7 }] },
  },
};

const wasReady: StateBefore = {
  state: 'ready',
  readiness: { ready: true, since: 0, failures: 0 },
  claims: [{ route: '/', since: 7 }],
};

function startBackend(before?: StateBefore): Backend {
  const { port } = app.address() as AddressInfo;
  const silent = () => undefined;
  const context = {
    config: { port, check: { by: 'http', path: '/' }, weight: 7, service: 'shop', routes: ['/'] },
    node: { name: 's1', boot: 'b1' },
    log: { info: silent, warn: silent, debug: silent },
    room: {
      spread: async (names: string[]) => told.push(`spread to ${names}`),
      lookAgain: async () => look(),
    },
    queries: {
      ask: async (query: { name: string }, _: unknown, { nodes }: { nodes: string[] }) => {
        told.push(`${query.name}?`);
        const answer = query.name === 'drain' ? { applied: true, inFlight: 0 } : { idle: true, inFlight: 0 };
        return { answers: new Map(nodes.map((node) => [node, answer])), refused: new Map(), missing: [] };
      },
    },
    announce: async (announcement: BackendAnnouncement) => {
      told.push(announcement.state);
      claimed = announcement.claims;
    },
    statusChanged: silent,
    healthy: (problem?: string) => problems.push(problem),
  };
  return new Backend(context as unknown as Context<BackendConfig>, before);
}

/** Waits until the node has told all of this, in this order. */
const hasTold = (...expected: string[]) =>
  vi.waitFor(() => expect(told).toEqual(expected), { timeout: 60_000, interval: 10 });

const budget = () => ({ signal: new AbortController().signal, deadline: steadyNow() + 60_000 });

beforeEach(async () => {
  told = [];
  problems = [];
  status = 200;
  look = () => undefined;
  app = createServer((_, response) => response.writeHead(status).end());
  await new Promise<void>((resolve) => app.listen(0, '127.0.0.1', resolve));
  backend = startBackend();
  backend.viewChanged(view);
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

it('tells the balancers as soon as it knows them what it announced before', async () => {
  await backend.close();
  told = [];
  backend = startBackend();
  await hasTold('ready');
  backend.viewChanged(view);
  backend.viewChanged(view);
  await hasTold('ready', 'spread to ha');
});

it('tells the room when the app is no longer ready, and why', async () => {
  await hasTold('ready', 'spread to ha');
  status = 503;
  await hasTold('ready', 'spread to ha', 'starting', 'spread to ha');
  const lastProblem = 'GET / answered 503';
  expect(backend.status()).toMatchObject({ state: 'starting', app: { ready: false, lastProblem } });
  expect(problems.at(-1)).toBe(`the app is not ready: ${lastProblem}`);
});

it('claims its routes as of when its service first did, also when it learns of that late', async () => {
  await hasTold('ready', 'spread to ha');
  const young = claimed?.[0]?.since ?? 0;
  expect(young).toBeGreaterThan(7);
  backend.viewChanged({ members: [...view.members, elder] });
  await hasTold('ready', 'spread to ha', 'ready', 'spread to ha');
  expect(claimed).toEqual([{ route: '/', since: 7 }]);
  expect(backend.status().routes).toEqual([{ route: '/', since: '1970-01-01T00:00:00.007Z' }]);
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

it('is drained by a balancer that nobody has told it of yet', async () => {
  backend.viewChanged({ members: [...view.members.filter(({ name }) => name !== 'ha'), elder] });
  look = () => backend.viewChanged(view);
  await backend.drain(budget());
  expect(told).toContain('idle?');
  expect(backend.status().drain).toMatchObject({ balancers: [{ node: 'ha', applied: true }] });
});

it('takes a drain back to what the check says', async () => {
  await hasTold('ready', 'spread to ha');
  await backend.drain(budget());
  await backend.undrain();
  expect(backend.status()).toMatchObject({ state: 'ready' });
  expect(backend.status().drain).toBeUndefined();
  expect(told.slice(-2)).toEqual(['ready', 'spread to ha']);
});

it('has yielded its routes when it is drained: what it claims after that is new', async () => {
  await backend.close();
  backend = startBackend(wasReady);
  backend.viewChanged(view);
  expect(backend.status().routes).toEqual([{ route: '/', since: '1970-01-01T00:00:00.007Z' }]);
  await backend.drain(budget());
  const undrainedAt = Date.now();
  await backend.undrain();
  expect(claimed?.[0]?.since).toBeGreaterThanOrEqual(undrainedAt);
});

it('is as old as the others of its service again when its drain is taken back', async () => {
  await hasTold('ready', 'spread to ha');
  backend.viewChanged({ members: [...view.members, elder] });
  await backend.drain(budget());
  await backend.undrain();
  expect(claimed).toEqual([{ route: '/', since: 7 }]);
});

it('stays drained when its handler is another', async () => {
  await hasTold('ready', 'spread to ha');
  told = [];
  await backend.close();
  backend = startBackend({ ...wasReady, state: 'draining' });
  backend.viewChanged(view);
  await hasTold('draining', 'spread to ha');
  await backend.undrain();
  expect(backend.status()).toMatchObject({ state: 'ready' });
});

describe('after a handler that was killed', () => {
  beforeEach(async () => {
    await backend.close();
    told = [];
  });

  it('stays ready when one check fails, and not when the next fails, too', async () => {
    status = 503;
    backend = startBackend(wasReady);
    backend.viewChanged(view);
    expect(backend.status()).toMatchObject({ state: 'ready', app: { since: '1970-01-01T00:00:00.000Z' } });
    await hasTold('ready', 'spread to ha', 'starting', 'spread to ha');
  });

  it('is drained by the balancers even when it stops before it knows them', async () => {
    backend = startBackend(wasReady);
    const drained = backend.drain(budget());
    await hasTold('draining');
    backend.viewChanged(view);
    await drained;
    expect(told.toSorted()).toEqual(['drain?', 'draining', 'idle?', 'spread to ha']);
  });

  it('ends when its time is over and it still knows nobody', async () => {
    backend = startBackend(wasReady);
    await backend.drain({ signal: AbortSignal.abort(), deadline: 0 });
    expect(backend.status()).toMatchObject({ state: 'draining', drain: { balancers: [] } });
    expect(told).not.toContain('drain?');
  });
});

it('waits for nobody when it stops before anybody knows it', async () => {
  await backend.close();
  told = [];
  look = () => expect.unreachable('it has looked');
  backend = startBackend();
  await backend.drain(budget());
  expect(told).not.toContain('drain?');
});
