import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { actual, desired, server } from './examples.ts';
import { InMemoryBalancer } from './in-memory-balancer.ts';
import { type ActualServer, type DesiredServer, planSteps, type Routes, type Step } from './plan.ts';
import { keyOf } from './server.ts';

const at = (name: string) => ({ backend: 'web', name });
const none: Routes = new Map();
const stepsTo = (desired: readonly DesiredServer[], actual: readonly ActualServer[]): Step[] =>
  planSteps({ desired, actual, routes: none, actualRoutes: none });
const told = (steps: readonly Step[]) =>
  steps.map((step) => {
    if (step.do === 'route') return 'route';
    return step.do === 'add' ? `add ${step.server.name}` : `${step.do} ${step.name}`;
  });

it('adds what is missing, in its mode', () => {
  expect(stepsTo([desired('s1'), desired('s2', { mode: 'maint' })], [])).toEqual([
    { do: 'add', server: server('s1') },
    { do: 'add', server: server('s2', { mode: 'maint' }) },
  ]);
});

it.each([
  [
    'another address',
    { address: '10.0.0.9' },
    {},
    [{ do: 'move', ...at('s1'), address: '10.0.0.9', port: 3000 }],
  ],
  ['another port', { port: 8080 }, {}, [{ do: 'move', ...at('s1'), address: '10.0.0.1', port: 8080 }]],
  ['another weight', { weight: 7 }, {}, [{ do: 'weigh', ...at('s1'), weight: 7 }]],
  ['its check off', {}, { checked: false }, [{ do: 'check', ...at('s1') }]],
  ['a drain', { mode: 'maint' }, {}, [{ do: 'maint', ...at('s1') }]],
  ['a drain by hand', {}, { mode: 'drain' }, [{ do: 'ready', ...at('s1') }]],
  ['a drain taken back', {}, { mode: 'maint', up: false }, [{ do: 'ready', ...at('s1') }]],
  [
    'another start of a node that was down',
    { isNewBoot: true },
    { up: false },
    [{ do: 'revive', ...at('s1') }],
  ],
  [
    'another start of a node that was up when it was looked at',
    { isNewBoot: true },
    {},
    [{ do: 'revive', ...at('s1') }],
  ],
  ["HAProxy's check finding it down", {}, { up: false }, []],
  ['requests coming and going', {}, { inFlight: 7, requests: 99 }, []],
] as const)('%s', (_, wanted, present, steps) => {
  expect(stepsTo([desired('s1', wanted)], [actual('s1', present)])).toEqual(steps);
});

describe('a server that is to go', () => {
  it('goes out of rotation, then altogether', () => {
    expect(stepsTo([], [actual('s1')])).toEqual([
      { do: 'maint', ...at('s1') },
      { do: 'delete', ...at('s1') },
    ]);
  });
  it('stays as long as something is in flight there', () => {
    expect(stepsTo([], [actual('s1', { inFlight: 1 })])).toEqual([{ do: 'maint', ...at('s1') }]);
    expect(stepsTo([], [actual('s1', { inFlight: 1, mode: 'maint' })])).toEqual([]);
  });
});

it('a node of another service leaves one backend for another', () => {
  const steps = stepsTo([desired('s1', { backend: 'shop' })], [actual('s1')]);
  expect(steps).toEqual([
    { do: 'add', server: server('s1', { backend: 'shop' }) },
    { do: 'maint', ...at('s1') },
    { do: 'delete', ...at('s1') },
  ]);
});

describe('routes', () => {
  const routes = new Map([['/', 'web']]);
  const plan = (actualRoutes: Routes | undefined) =>
    told(
      planSteps({
        desired: [desired('s2')],
        actual: [actual('s1', { mode: 'ready' })],
        routes,
        actualRoutes,
      }),
    );
  it('change when their servers have come, and before others go', () => {
    expect(plan(none)).toEqual(['add s2', 'route', 'maint s1', 'delete s1']);
    expect(plan(new Map([['/', 'shop']]))).toContain('route');
    expect(plan(new Map([...routes, ['/shop/', 'shop']]))).toContain('route');
  });
  it('are left alone when they are right, and where HAProxy has no map of them', () => {
    expect(plan(new Map(routes))).not.toContain('route');
    expect(plan(undefined)).not.toContain('route');
  });
});

it('others come before anybody goes', () => {
  const steps = stepsTo(
    [desired('s1', { mode: 'maint' }), desired('s2'), desired('s3')],
    [actual('s1'), actual('s2', { mode: 'maint' }), actual('s4')],
  );
  expect(told(steps)).toEqual(['ready s2', 'add s3', 'maint s1', 'maint s4', 'delete s4']);
});

describe('for any two states', () => {
  const name = fc.constantFrom('s1', 's2', 's3', 's4', 's5');
  const common = {
    name,
    backend: fc.constantFrom('web', 'shop'),
    address: fc.constantFrom('10.0.0.1', 'fd00::1'),
    port: fc.constantFrom(80, 3000),
    weight: fc.constantFrom(1, 100),
  };
  const wantedServers = fc.uniqueArray(
    fc.record({ ...common, mode: fc.constantFrom('ready', 'maint' as const), isNewBoot: fc.boolean() }),
    { selector: keyOf },
  );
  const presentServers = fc.uniqueArray(
    fc.record({
      ...common,
      mode: fc.constantFrom('ready', 'maint', 'drain' as const),
      up: fc.boolean(),
      checked: fc.boolean(),
      inFlight: fc.constantFrom(0, 0, 3),
      requests: fc.constant(0),
    }),
    { selector: keyOf },
  );

  /** Applies the plan to a HAProxy in that state. */
  async function applied(wanted: readonly DesiredServer[], present: readonly ActualServer[]) {
    const balancer = new InMemoryBalancer();
    balancer.sections = new Set(['web', 'shop']);
    for (const each of present) balancer.servers.set(keyOf(each), each);
    for (const step of stepsTo(wanted, present)) await balancer.apply(step);
    return balancer;
  }

  it('the plan makes the one of the other, and is done after that', async () => {
    await fc.assert(
      fc.asyncProperty(wantedServers, presentServers, async (wanted, present) => {
        const balancer = await applied(wanted, present);
        const { servers } = await balancer.look();
        for (const each of wanted) {
          const { isNewBoot: _, ...expected } = each;
          expect(balancer.servers.get(keyOf(each))).toMatchObject({ ...expected, checked: true });
        }
        const keys = wanted.map(keyOf);
        for (const left of servers.filter((each) => !keys.includes(keyOf(each)))) {
          expect(left).toMatchObject({ mode: 'maint', inFlight: 3 });
        }
        expect(
          stepsTo(
            wanted.map((each) => ({ ...each, isNewBoot: false })),
            servers,
          ),
        ).toEqual([]);
      }),
    );
  });

  it('a server that is as it should be gets no step', async () => {
    await fc.assert(
      fc.asyncProperty(wantedServers, presentServers, async (wanted, present) => {
        const untouched = server('s9');
        const before = actual('s9', { up: false, inFlight: 5 });
        const balancer = await applied([...wanted, { ...untouched, isNewBoot: false }], [...present, before]);
        expect(balancer.server('s9')).toEqual(before);
        expect(JSON.stringify(balancer.told)).not.toContain('"s9"');
      }),
    );
  });

  it('somebody of a backend is in rotation all the time, if there is before and after', async () => {
    await fc.assert(
      fc.asyncProperty(wantedServers, presentServers, async (wanted, present) => {
        const isServing = (servers: Iterable<{ backend: string; mode: string }>) =>
          [...servers].some(({ backend, mode }) => backend === 'web' && mode === 'ready');
        fc.pre(isServing(present) && isServing(wanted));
        const balancer = new InMemoryBalancer();
        balancer.sections = new Set(['web', 'shop']);
        for (const each of present) balancer.servers.set(keyOf(each), each);
        for (const step of stepsTo(wanted, present)) {
          await balancer.apply(step);
          expect(isServing(balancer.servers.values())).toBe(true);
        }
      }),
    );
  });
});
