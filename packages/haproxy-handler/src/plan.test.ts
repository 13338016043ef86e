import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { actual, desired, server } from './examples.ts';
import { InMemoryBalancer } from './in-memory-balancer.ts';
import { type ActualServer, planSteps } from './plan.ts';

it('adds what is missing, in its mode', () => {
  expect(planSteps([desired('s1'), desired('s2', { mode: 'maint' })], [])).toEqual([
    { do: 'add', server: server('s1') },
    { do: 'add', server: server('s2', { mode: 'maint' }) },
  ]);
});

it.each([
  [
    'another address',
    { address: '10.0.0.9' },
    {},
    [{ do: 'move', name: 's1', address: '10.0.0.9', port: 3000 }],
  ],
  ['another port', { port: 8080 }, {}, [{ do: 'move', name: 's1', address: '10.0.0.1', port: 8080 }]],
  ['another weight', { weight: 7 }, {}, [{ do: 'weigh', name: 's1', weight: 7 }]],
  ['its check off', {}, { checked: false }, [{ do: 'check', name: 's1' }]],
  ['a drain', { mode: 'maint' }, {}, [{ do: 'maint', name: 's1' }]],
  ['a drain by hand', {}, { mode: 'drain' }, [{ do: 'ready', name: 's1' }]],
  ['a drain taken back', {}, { mode: 'maint', up: false }, [{ do: 'ready', name: 's1' }]],
  [
    'another start of a node that was down',
    { isNewBoot: true },
    { up: false },
    [{ do: 'revive', name: 's1' }],
  ],
  ['another start of a node that is up', { isNewBoot: true }, {}, []],
  ["HAProxy's check finding it down", {}, { up: false }, []],
  ['requests coming and going', {}, { inFlight: 7, requests: 99 }, []],
] as const)('%s', (_, wanted, present, steps) => {
  expect(planSteps([desired('s1', wanted)], [actual('s1', present)])).toEqual(steps);
});

describe('a server that is to go', () => {
  it('goes out of rotation, then altogether', () => {
    expect(planSteps([], [actual('s1')])).toEqual([
      { do: 'maint', name: 's1' },
      { do: 'delete', name: 's1' },
    ]);
  });
  it('stays as long as something is in flight there', () => {
    expect(planSteps([], [actual('s1', { inFlight: 1 })])).toEqual([{ do: 'maint', name: 's1' }]);
    expect(planSteps([], [actual('s1', { inFlight: 1, mode: 'maint' })])).toEqual([]);
  });
});

it('others come before anybody goes', () => {
  const steps = planSteps(
    [desired('s1', { mode: 'maint' }), desired('s2'), desired('s3')],
    [actual('s1'), actual('s2', { mode: 'maint' }), actual('s4')],
  );
  expect(
    steps.map((step) => (step.do === 'add' ? `add ${step.server.name}` : `${step.do} ${step.name}`)),
  ).toEqual(['ready s2', 'add s3', 'maint s1', 'maint s4', 'delete s4']);
});

describe('for any two states', () => {
  const name = fc.constantFrom('s1', 's2', 's3', 's4', 's5');
  const common = {
    name,
    address: fc.constantFrom('10.0.0.1', 'fd00::1'),
    port: fc.constantFrom(80, 3000),
    weight: fc.constantFrom(1, 100),
  };
  const wantedServers = fc.uniqueArray(
    fc.record({ ...common, mode: fc.constantFrom('ready', 'maint' as const), isNewBoot: fc.boolean() }),
    { selector: (each) => each.name },
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
    { selector: (each) => each.name },
  );

  /** Applies the plan to a HAProxy in that state. */
  async function applied(wanted: Parameters<typeof planSteps>[0], present: readonly ActualServer[]) {
    const balancer = new InMemoryBalancer();
    for (const each of present) balancer.servers.set(each.name, each);
    for (const step of planSteps(wanted, present)) await balancer.apply(step);
    return balancer;
  }

  it('the plan makes the one of the other, and is done after that', async () => {
    await fc.assert(
      fc.asyncProperty(wantedServers, presentServers, async (wanted, present) => {
        const balancer = await applied(wanted, present);
        const { servers } = await balancer.look();
        for (const each of wanted) {
          const { isNewBoot: _, ...expected } = each;
          expect(balancer.servers.get(each.name)).toMatchObject({ ...expected, checked: true });
        }
        const names: string[] = wanted.map((each) => each.name);
        for (const left of servers.filter((each) => !names.includes(each.name))) {
          expect(left).toMatchObject({ mode: 'maint', inFlight: 3 });
        }
        expect(
          planSteps(
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
        expect(balancer.servers.get('s9')).toEqual(before);
        expect(JSON.stringify(balancer.told)).not.toContain('"s9"');
      }),
    );
  });

  it('there is somebody in rotation all the time, if there is before and after', async () => {
    await fc.assert(
      fc.asyncProperty(wantedServers, presentServers, async (wanted, present) => {
        const isServing = (servers: Iterable<{ mode: string }>) =>
          [...servers].some(({ mode }) => mode === 'ready');
        fc.pre(isServing(present) && isServing(wanted));
        const balancer = new InMemoryBalancer();
        for (const each of present) balancer.servers.set(each.name, each);
        for (const step of planSteps(wanted, present)) {
          await balancer.apply(step);
          expect(isServing(balancer.servers.values())).toBe(true);
        }
      }),
    );
  });
});
