import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { steadyNow } from '@rollcall/handler';
import { type AnswerHandler, drainQuery, idleQuery, type Query, type View } from '@rollcall/membership';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Balancer, type BalancerParts } from './balancer.ts';
import { makeConfiguration } from './configuration.ts';
import { ConfigurationKeeper } from './configuration-keeper.ts';
import { backend, viewOf } from './examples.ts';
import { InMemoryBalancer } from './in-memory-balancer.ts';
import { Lock } from './lock.ts';
import { NodeFiles } from './node-files.ts';
import { ProvenTemplate } from './proven-template.ts';
import { Reconciler } from './reconciler.ts';
import { LEAST_SECTIONS } from './sections.ts';
import { Stories } from './stories.ts';
import { builtIn } from './templates.ts';

let folder: string;
let haproxy: InMemoryBalancer;
let view: View | undefined;
let role: Balancer;
let problem: string | undefined;
const warn = vi.fn();
const handlers = new Map<string, AnswerHandler<unknown, unknown>>();
const services = { down: vi.fn(async () => ({ killed: false })), up: vi.fn(), signal: vi.fn() };

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'balancer-'));
  haproxy = new InMemoryBalancer();
  const values = { adminPort: null, hardStopSeconds: 60 };
  haproxy.fingerprint = makeConfiguration(builtIn, {
    ...values,
    servers: [],
    sections: LEAST_SECTIONS,
  }).fingerprint;
  vi.clearAllMocks();
  view = viewOf(backend('s1'), backend('s2'));
  handlers.clear();
  const log = { debug() {}, info() {}, warn, error() {} };
  const lock = new Lock();
  role = new Balancer({
    context: {
      config: { template: undefined, adminPort: undefined, failedGraceSeconds: 30, hardStopSeconds: 60 },
      log,
      queries: {
        answer: (query: Query<unknown, unknown>, handler: never) => handlers.set(query.name, handler),
      },
      services,
      statusChanged() {},
      healthy: (told?: string) => {
        problem = told;
      },
    } as unknown as BalancerParts['context'],
    balancer: haproxy,
    reconciler: (onNews) =>
      new Reconciler({
        balancer: haproxy,
        view: () => view,
        own: { name: 'ha', ports: [80] },
        failedGraceMs: 30_000,
        lock,
        log,
        now: steadyNow,
        registered: [],
        onNews,
        refusedSections: () => new Map(),
      }),
    keeper: new ConfigurationKeeper({
      paths: {
        configuration: join(folder, 'haproxy.cfg'),
        candidate: join(folder, 'candidate.cfg'),
        routes: join(folder, 'routes.map'),
      },
      readTemplate: async () => builtIn,
      values,
      check: async () => undefined,
      portProblem: async () => undefined,
      balancer: haproxy,
      exclusively: (task) => lock.run(task),
      service: { endedAt: async () => undefined, up: async () => {} },
      proven: new ProvenTemplate(join(folder, 'proven.json')),
      log,
      reloadEveryMs: 0,
    }),
    nodeFiles: new NodeFiles(join(folder), log),
    stories: new Stories(join(folder, 'stories.json')),
    obstacle: undefined,
  });
  await role.look();
});
afterEach(async () => {
  await role.close();
  await rm(folder, { recursive: true });
});

const ask = (query: { name: string }, node: string, boot = 'b1', from = node) =>
  handlers.get(query.name)?.(
    { node, boot },
    {
      from,
      signal: AbortSignal.timeout(60_000),
    },
  );

it('tells of its servers and their stories', () => {
  expect(role.status()).toMatchObject({
    servers: [
      {
        node: 's1',
        boot: 'b1',
        address: '10.0.0.1',
        port: 3000,
        state: 'ready',
        up: true,
        inFlight: 0,
        suspect: false,
        service: 'web',
      },
      { node: 's2' },
    ],
    services: [{ service: 'web', routes: ['/'] }],
    refused: [],
    refusedClaims: [],
    reloads: { count: 0 },
    runtimeChanges: 3,
    stories: { s1: [{ what: 'ready' }, { what: 'applied' }], s2: [{ what: 'ready' }, { what: 'applied' }] },
  });
});

it('has written all of it by the time it is closed', async () => {
  await role.close();
  expect((await readdir(folder)).sort()).toEqual([
    'haproxy.cfg',
    'proven.json',
    'routes.map',
    's1',
    's2',
    'stories.json',
  ]);
});

describe('a node that asks to be drained', () => {
  it('is out of rotation when it is answered', async () => {
    haproxy.change('s1', { inFlight: 3 });
    expect(await ask(drainQuery, 's1')).toEqual({ applied: true, inFlight: 3 });
    expect(haproxy.server('s1')?.mode).toBe('maint');
  });
  it('is told so when there is no such start of it here', async () => {
    haproxy.change('s1', { inFlight: 3 });
    expect(await ask(drainQuery, 's1', 'b0')).toEqual({ applied: true, inFlight: 0 });
    expect(await ask(drainQuery, 's9')).toEqual({ applied: true, inFlight: 0 });
    expect(haproxy.server('s1')?.mode).toBe('ready');
  });
  it('is the only one who can ask for it', async () => {
    await expect(ask(drainQuery, 's1', 'b1', 's2')).rejects.toMatchObject({ code: 'DRAIN_REFUSED' });
    expect(haproxy.server('s1')?.mode).toBe('ready');
  });
  it('is out of rotation although HAProxy refuses another change of that moment', async () => {
    haproxy.refuses = (step) => step.do === 'add';
    view = viewOf(backend('s1'), backend('s2'), backend('s0'));
    expect(await ask(drainQuery, 's1')).toEqual({ applied: true, inFlight: 0 });
  });
  it('is not told so while HAProxy does not answer', async () => {
    haproxy.isDown = true;
    expect(await ask(drainQuery, 's1')).toEqual({ applied: false, inFlight: 0 });
  });
});

describe('a node that asks whether it is idle', () => {
  it('is answered when it is', async () => {
    haproxy.change('s1', { inFlight: 1 });
    const answer = ask(idleQuery, 's1');
    haproxy.change('s1', { inFlight: 0 });
    expect(await answer).toEqual({ idle: true, inFlight: 0 });
  });
  it('is when there is no such start of it here', async () => {
    haproxy.change('s1', { inFlight: 1 });
    expect(await ask(idleQuery, 's1', 'b0')).toEqual({ idle: true, inFlight: 0 });
  });
});

it('the node has a problem while HAProxy does not answer, and none afterwards', async () => {
  haproxy.isDown = true;
  await role.look();
  expect(problem).toContain('HAProxy is down');
  haproxy.isDown = false;
  await role.look();
  expect(problem).toBeUndefined();
});

describe('when it stops', () => {
  const budget = () => ({ signal: AbortSignal.timeout(60_000), deadline: steadyNow() + 60_000 });
  it('has HAProxy end what is in flight, and is no problem', async () => {
    await role.drain(budget());
    expect(services.down).toHaveBeenCalledWith('haproxy');
    haproxy.isDown = true;
    await role.look();
    expect(problem).toBeUndefined();
    expect(await ask(drainQuery, 's1')).toEqual({ applied: true, inFlight: 0 });
  });
  it('ends HAProxy itself when nothing is in flight, as idle clients would keep it', async () => {
    let end = () => {};
    services.down.mockImplementationOnce(
      () =>
        new Promise((resolve) => {
          end = () => resolve({ killed: false });
        }),
    );
    services.signal.mockImplementationOnce(async () => end());
    await role.drain(budget());
    expect(services.signal).toHaveBeenCalledWith('haproxy', 'SIGTERM');
  });
  it('counts those that wait for a server as in flight', async () => {
    services.down.mockImplementationOnce(() => new Promise(() => {}));
    haproxy.waiting = 1;
    void role.drain({ signal: AbortSignal.timeout(1_500), deadline: steadyNow() + 1_500 });
    await vi.waitFor(() => expect(services.signal).toHaveBeenCalledWith('haproxy', 'SIGTERM'), 60_000);
    expect(warn).toHaveBeenCalledWith({ inFlight: 1 }, expect.stringContaining('is cut'));
  });
  it('does not take silence for calm', async () => {
    services.down.mockImplementationOnce(() => new Promise(() => {}));
    haproxy.isDown = true;
    void role.drain({ signal: AbortSignal.timeout(1_500), deadline: steadyNow() + 1_500 });
    await vi.waitFor(() => expect(services.signal).toHaveBeenCalledWith('haproxy', 'SIGTERM'), 60_000);
    expect(warn).toHaveBeenCalledWith({ inFlight: 'unknown' }, expect.stringContaining('is cut'));
  });
  it('can be taken back', async () => {
    await role.drain(budget());
    await role.undrain();
    expect(services.up).toHaveBeenCalledWith('haproxy');
  });
});
