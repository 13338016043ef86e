import type { View } from '@rollcall/membership';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { BalancerError } from './errors.ts';
import { actual, backend, registered, viewOf } from './examples.ts';
import { InMemoryBalancer } from './in-memory-balancer.ts';
import { Lock } from './lock.ts';
import type { News } from './news.ts';
import { Reconciler } from './reconciler.ts';
import type { Registered } from './server.ts';

let balancer: InMemoryBalancer;
let view: View | undefined;
let now: number;
let refusedSections: Map<string, string>;
let news: News[];
let reconciler: Reconciler;
const log = { debug() {}, info() {}, warn: vi.fn(), error() {} };

function restartHandler(known: readonly Registered[] = []): void {
  reconciler = new Reconciler({
    balancer,
    view: () => view,
    own: { name: 'ha', ports: [80, 1936] },
    failedGraceMs: 30_000,
    lock: new Lock(),
    log,
    now: () => now,
    registered: known,
    onNews: (each) => news.push(each),
    refusedSections: () => refusedSections,
  });
}
beforeEach(() => {
  balancer = new InMemoryBalancer();
  view = undefined;
  now = 0;
  news = [];
  refusedSections = new Map();
  log.warn.mockClear();
  restartHandler();
});

const modes = () => [...balancer.servers.values()].map(({ name, mode }) => `${name} ${mode}`).sort();
const told = () => news.map(({ node, what }) => `${node} ${what}`);

it('HAProxy follows who is in the room', async () => {
  view = viewOf(backend('s1'), backend('s2'));
  await reconciler.run();
  expect(modes()).toEqual(['s1 ready', 's2 ready']);
  view = viewOf(backend('s1', { state: 'draining' }), backend('s2', { status: 'left' }));
  await reconciler.run();
  expect(modes()).toEqual(['s1 maint']);
  expect(told()).toEqual(['s1 ready', 's2 ready', 's1 applied', 's2 applied', 's1 draining', 's2 gone']);
});

it('does nothing when nothing has changed', async () => {
  view = viewOf(backend('s1'));
  await reconciler.run();
  balancer.told.length = 0;
  await reconciler.run();
  expect(balancer.told).toEqual([]);
  // The server, and the routes.
  expect(reconciler.changes).toBe(2);
});

it('starts from who was registered, and takes nobody away before it has seen the room', async () => {
  restartHandler([registered('s1')]);
  balancer.servers.set('web/s1', actual('s1'));
  await reconciler.run();
  expect(balancer.told).toEqual([{ do: 'route', routes: new Map([['/', 'web']]) }]);
});

describe('to follow', () => {
  beforeEach(async () => {
    view = viewOf(backend('s1'), backend('s2'));
    await reconciler.run();
    balancer.looks = 0;
  });

  it('takes the steps that a change asks for, without a look', async () => {
    view = viewOf(backend('s1', { state: 'draining' }), backend('s2'), backend('s3'));
    await reconciler.follow();
    expect(modes()).toEqual(['s1 maint', 's2 ready', 's3 ready']);
    expect(told().slice(-3)).toEqual(['s1 draining', 's3 ready', 's3 applied']);
    expect(balancer.looks).toBe(0);
  });

  it('goes on from where it came itself', async () => {
    view = viewOf(backend('s1'), backend('s2'), backend('s3'));
    await reconciler.follow();
    view = viewOf(backend('s1'), backend('s2'), backend('s3', { state: 'draining' }));
    await reconciler.follow();
    expect(modes()).toEqual(['s1 ready', 's2 ready', 's3 maint']);
    expect(log.warn).not.toHaveBeenCalled();
  });

  it('leaves it to a run to delete, as it does not know what is in flight', async () => {
    view = viewOf(backend('s1'), backend('s2', { status: 'left' }));
    balancer.change('s2', { inFlight: 1 });
    await reconciler.follow();
    expect(modes()).toEqual(['s1 ready', 's2 maint']);
    await reconciler.run();
    expect(modes()).toEqual(['s1 ready', 's2 maint']);
    balancer.change('s2', { inFlight: 0 });
    await reconciler.run();
    expect(modes()).toEqual(['s1 ready']);
    expect(log.warn).not.toHaveBeenCalled();
  });

  it('does nothing after a run that went wrong', async () => {
    balancer.isDown = true;
    await reconciler.run();
    balancer.isDown = false;
    view = viewOf(backend('s1'), backend('s2'), backend('s3'));
    await reconciler.follow();
    expect(modes()).toEqual(['s1 ready', 's2 ready']);
    await reconciler.run();
    expect(modes()).toEqual(['s1 ready', 's2 ready', 's3 ready']);
  });

  it('does nothing to another process than the last run saw', async () => {
    balancer.worker += 1;
    view = viewOf(backend('s1'), backend('s2'), backend('s3'));
    await reconciler.follow();
    expect(modes()).toEqual(['s1 ready', 's2 ready']);
  });

  it('takes another start of a node for well, whatever was found of it before and since', async () => {
    balancer.change('s1', { up: false });
    view = viewOf(backend('s1', { boot: 'b2' }), backend('s2'));
    await reconciler.follow();
    expect(balancer.server('s1')?.up).toBe(true);
    await reconciler.run();
    expect(log.warn).not.toHaveBeenCalled();
  });

  it('leaves it to a run to judge suspects, as what HAProxy found of them may be otherwise by now', async () => {
    balancer.change('s1', { up: false });
    await reconciler.run();
    balancer.change('s1', { up: true });
    view = viewOf(backend('s1', { status: 'failed' }), backend('s2'));
    await reconciler.follow();
    await reconciler.run();
    expect(modes()).toEqual(['s1 ready', 's2 ready']);
  });

  it('of a HAProxy that was changed meanwhile is made good by a run', async () => {
    balancer.servers.clear();
    balancer.worker += 1;
    view = viewOf(backend('s1'), backend('s2', { state: 'draining' }));
    await reconciler.follow();
    await reconciler.run();
    expect(modes()).toEqual(['s1 ready', 's2 maint']);
  });
});

describe('drift', () => {
  beforeEach(async () => {
    view = viewOf(backend('s1'), backend('s2'));
    await reconciler.run();
  });

  it.each([
    ['a server was drained', () => balancer.change('s1', { mode: 'drain' })],
    ['a weight was changed', () => balancer.change('s1', { weight: 1 })],
    ['a check was turned off', () => balancer.change('s1', { checked: false })],
    ['a server was deleted', () => void balancer.servers.delete('web/s1')],
    ['a server was added', () => void balancer.servers.set('web/s9', actual('s9'))],
    [
      'a server was added and not enabled',
      () => void balancer.servers.set('web/s9', actual('s9', { mode: 'maint' })),
    ],
  ])('by hand heals and is told once: %s', async (_, drift) => {
    drift();
    await reconciler.run();
    await reconciler.run();
    expect([...balancer.servers.values()]).toEqual([
      expect.objectContaining({
        name: expect.stringMatching(/s[12]/),
        mode: 'ready',
        weight: 100,
        checked: true,
      }),
      expect.objectContaining({
        name: expect.stringMatching(/s[12]/),
        mode: 'ready',
        weight: 100,
        checked: true,
      }),
    ]);
    expect(log.warn).toHaveBeenCalledOnce();
    expect(log.warn.mock.lastCall?.[0]).toMatchObject({ cause: 'it was changed by hand' });
  });

  it('by a restart of HAProxy heals and is told as such', async () => {
    balancer.servers.clear();
    balancer.worker += 1;
    await reconciler.run();
    expect(modes()).toEqual(['s1 ready', 's2 ready']);
    expect(log.warn.mock.lastCall?.[0]).toMatchObject({ cause: 'it was started anew' });
  });

  it('is not what could not be done before', async () => {
    view = viewOf(backend('s1'), backend('s2', { status: 'left' }));
    balancer.change('s2', { inFlight: 1 });
    await reconciler.run();
    balancer.change('s2', { inFlight: 0 });
    await reconciler.run();
    expect(modes()).toEqual(['s1 ready']);
    expect(log.warn).not.toHaveBeenCalled();
  });

  it('is not what the room itself has changed', async () => {
    view = viewOf(backend('s1'), backend('s3'), backend('s2', { status: 'left' }));
    await reconciler.run();
    expect(log.warn).not.toHaveBeenCalled();
  });
});

describe('what goes wrong', () => {
  it('a step that fails ends in another look, never in a guess', async () => {
    view = viewOf(backend('s1'), backend('s2'));
    balancer.nextFailure = new BalancerError('STEP_REFUSED', 'no');
    expect((await reconciler.run()).problem).toContain('no');
    expect(modes()).toEqual(['s2 ready']);
    expect((await reconciler.run()).problem).toBeUndefined();
    expect(modes()).toEqual(['s1 ready', 's2 ready']);
  });

  it('a step that is refused keeps no other from being taken, and is told for the file', async () => {
    view = viewOf(backend('s1'), backend('s2'));
    await reconciler.run();
    balancer.refuses = (step) => step.do === 'add';
    news.length = 0;
    view = viewOf(backend('s1', { state: 'draining' }), backend('s2'), backend('s3'));
    const picture = await reconciler.run();
    expect(modes()).toEqual(['s1 maint', 's2 ready']);
    expect(picture.problem).toContain('refused');
    expect(picture.refusedSteps).toEqual(['add s3']);
    expect(picture.actual?.servers).toHaveLength(2);
    balancer.servers.set('web/s3', actual('s3'));
    expect((await reconciler.run()).refusedSteps).toBeUndefined();
    expect(told()).toEqual(['s1 draining', 's3 ready', 's3 applied']);
  });

  it('nothing more is tried of a HAProxy that does not answer', async () => {
    view = viewOf(backend('s1'), backend('s2'));
    balancer.nextFailure = new BalancerError('HAPROXY_UNREACHABLE', 'away');
    await reconciler.run();
    expect(balancer.told).toEqual([]);
    expect(told()).toEqual(['s1 ready', 's2 ready']);
  });

  it('a node that started anew while HAProxy did not answer is taken for well afterwards', async () => {
    view = viewOf(backend('s1'), backend('s2'));
    await reconciler.run();
    balancer.change('s1', { up: false });
    balancer.change('s2', { up: false });
    view = viewOf(backend('s1', { boot: 'b2' }), backend('s2', { boot: 'b2' }));
    balancer.nextFailure = new BalancerError('HAPROXY_UNREACHABLE', 'away');
    await reconciler.run();
    await reconciler.run();
    expect([...balancer.servers.values()].map(({ up }) => up)).toEqual([true, true]);
  });

  it('while HAProxy is away the roster goes on', async () => {
    balancer.isDown = true;
    view = viewOf(backend('s1'));
    const { roster, problem } = await reconciler.run();
    expect(roster.servers.map(({ name }) => name)).toEqual(['s1']);
    expect(problem).toContain('HAProxy is down');
    balancer.isDown = false;
    await reconciler.run();
    expect(modes()).toEqual(['s1 ready']);
  });

  it('a server that cannot be deleted yet is no problem, and is deleted later', async () => {
    view = viewOf(backend('s1'), backend('s2'));
    await reconciler.run();
    view = viewOf(backend('s1'), backend('s2', { status: 'left' }));
    balancer.nextFailure = new BalancerError('SERVER_BUSY', 'busy');
    balancer.change('s2', { mode: 'maint' });
    expect((await reconciler.run()).problem).toBeUndefined();
    await reconciler.run();
    expect(modes()).toEqual(['s1 ready']);
  });
});

it('a drain by query is applied with the next run, and holds until the tags have spoken', async () => {
  view = viewOf(backend('s1'), backend('s2'));
  await reconciler.run();
  reconciler.drain('s1', 'b1');
  await reconciler.run();
  expect(modes()).toEqual(['s1 maint', 's2 ready']);
  view = viewOf(backend('s1', { state: 'draining' }), backend('s2'));
  await reconciler.run();
  view = viewOf(backend('s1'), backend('s2'));
  await reconciler.run();
  expect(modes()).toEqual(['s1 ready', 's2 ready']);
});

describe('several services', () => {
  const shop = (name: string, more: Parameters<typeof backend>[1] = {}) =>
    backend(name, { service: 'shop', claims: [{ route: '/shop', since: 5 }], ...more });
  const withShop = () => {
    balancer.sections = new Set(['web', 'shop']);
  };

  it('the servers and routes of a new one wait until HAProxy has a backend for it', async () => {
    view = viewOf(backend('s1'), shop('s2'));
    expect((await reconciler.run()).problem).toBeUndefined();
    expect([...balancer.servers.keys()]).toEqual(['web/s1']);
    expect(balancer.routes).toEqual(new Map([['/', 'web']]));
    expect(reconciler.needed).toEqual(new Set(['web', 'shop']));
    withShop();
    await reconciler.run();
    expect([...balancer.servers.keys()]).toEqual(['web/s1', 'shop/s2']);
    expect(balancer.routes?.get('/shop/')).toBe('shop');
    expect(told()).toEqual(['s1 ready', 's2 ready', 's1 applied', 's2 applied']);
  });

  it('a route passes on before the servers of the one that had it go', async () => {
    withShop();
    view = viewOf(backend('s1'), shop('s2', { claims: [{ route: '/', since: 5 }] }));
    await reconciler.run();
    expect(balancer.routes).toEqual(new Map([['/', 'web']]));
    balancer.told.length = 0;
    view = viewOf(backend('s1', { state: 'draining' }), shop('s2', { claims: [{ route: '/', since: 5 }] }));
    await reconciler.run();
    expect(balancer.told.map((step) => step.do)).toEqual(['route', 'maint']);
    expect(balancer.routes).toEqual(new Map([['/', 'shop']]));
  });

  it('a node that is not ready yet needs nothing, and holds its place', async () => {
    view = viewOf(backend('s1'), shop('s2', { state: 'starting' }));
    await reconciler.run();
    expect(reconciler.needed).toEqual(new Set(['web']));
    expect(reconciler.claimed).toEqual(new Set(['web', 'shop']));
  });

  it('routes that somebody changed by hand heal', async () => {
    view = viewOf(backend('s1'));
    await reconciler.run();
    balancer.routes = new Map([['/', 'nobody']]);
    await reconciler.run();
    expect(balancer.routes).toEqual(new Map([['/', 'web']]));
    expect(log.warn.mock.lastCall?.[0]).toMatchObject({ cause: 'it was changed by hand' });
  });
});

it('another start of a node is in rotation at once, although HAProxy had found it down', async () => {
  view = viewOf(backend('s1'), backend('s2'));
  await reconciler.run();
  balancer.change('s1', { up: false });
  view = viewOf(backend('s1', { boot: 'b2' }), backend('s2'));
  news.length = 0;
  await reconciler.run();
  expect(told()).toEqual(['s1 ready', 's1 applied']);
  expect(balancer.server('s1')).toMatchObject({ mode: 'ready', up: true });
  balancer.change('s1', { up: false });
  await reconciler.run();
  expect(balancer.server('s1')).toMatchObject({ up: false });
});

it('runs come one after the other', async () => {
  view = viewOf(backend('s1'));
  await Promise.all([reconciler.run(), reconciler.run()]);
  expect(balancer.told.map((step) => step.do)).toEqual(['add', 'route']);
});
