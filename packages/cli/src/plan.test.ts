import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ContainerState, FoundContainer, Published, Spec, WantedContainer } from './cluster.ts';
import { balancerName } from './names.ts';
import { plan, type Step, type WantedCluster, type WantedNodes } from './plan.ts';

const web: Spec = { image: 'web', env: {} };
const newWeb: Spec = { image: 'web', env: { A: '1' } };

function backend(node: string, spec = web, state: ContainerState = 'running'): FoundContainer {
  return { ...common(node, state), role: 'backend', service: 'web', imageId: 'web-1', spec };
}

function balancer(node: string, published: Published, image = 'ha'): FoundContainer {
  const spec = { image, env: {}, published };
  return { ...common(node, 'running'), role: 'balancer', service: undefined, imageId: `${image}-1`, spec };
}

function common(node: string, state: ContainerState) {
  return { id: `id-${node}`, name: `rollcall-${node}`, node, state, createdAt: new Date(0) };
}

function place(index: number, http = 8080): Published {
  return { bind: '127.0.0.1', http: http + index, stats: 1936 + index };
}

function nodes(count: number, more: Partial<WantedNodes> = {}): WantedNodes {
  return {
    service: 'web',
    count,
    prefix: 's',
    spec: web,
    imageId: 'web-1',
    replace: true,
    atATime: 1,
    ...more,
  };
}

function balancers(places: readonly Published[], image = 'ha'): WantedContainer[] {
  return places.map((published, index) => ({
    node: balancerName(index),
    role: 'balancer',
    spec: { image, env: {}, published },
    imageId: `${image}-1`,
  }));
}

/** Steps as short texts: `+s1` made, `^s1` started, `-s1` retired; `!` where others wait to be replaced. */
function told(steps: readonly Step[]): string[] {
  return steps.map((step) => {
    switch (step.do) {
      case 'bring':
        return [
          ...step.create.map(({ node }) => `+${node}`),
          ...step.start.map(({ node }) => `^${node}`),
          ...(step.replacing ? ['!'] : []),
        ].join(' ');
      case 'retire':
        return step.containers.map(({ node }) => `-${node}`).join(' ');
      default:
        return `${step.do} ${step.container.node}`;
    }
  });
}

function planned(found: readonly FoundContainer[], wanted: WantedCluster): string[] {
  return told(plan(found, wanted));
}

describe('web nodes', () => {
  it('come all at once in a new cluster, together with the balancers', () => {
    expect(planned([], { balancers: balancers([place(0)]), services: [nodes(2)] })).toEqual(['+ha +s1 +s2']);
  });

  it('are left alone when all is as wanted', () => {
    const found = [balancer('ha', place(0)), backend('s1'), backend('s2')];
    expect(planned(found, { balancers: balancers([place(0)]), services: [nodes(2)] })).toEqual([]);
  });

  it.each([
    ['fills the lowest free names', ['s2', 's5'], 4, ['+s1 +s3']],
    ['takes the highest numbers away', ['s1', 's2', 's10'], 1, ['-s2 -s10']],
    ['counts names, not letters', ['s2', 's10', 's11'], 2, ['-s11']],
  ])('%s', (_what, names, count, steps) => {
    expect(
      planned(
        names.map((name) => backend(name)),
        { services: [nodes(count)] },
      ),
    ).toEqual(steps);
  });

  it('are started again when they were stopped', () => {
    const found = [backend('s1', web, 'exited'), backend('s2')];
    expect(planned(found, { services: [nodes(2)] })).toEqual(['^s1']);
  });

  it('that run are kept rather than stopped ones', () => {
    const found = [backend('s1', web, 'exited'), backend('s2')];
    expect(planned(found, { services: [nodes(1)] })).toEqual(['-s1']);
  });
});

describe('a new image or environment', () => {
  const found = [backend('s1'), backend('s2'), backend('s3')];

  it('comes in before the old goes, one at a time', () => {
    const steps = planned(found, { services: [nodes(3, { imageId: 'web-2' })] });
    expect(steps).toEqual(['+s4 !', '-s1', '+s5 !', '-s2', '+s6 !', '-s3']);
  });

  it('comes several at a time when asked to', () => {
    const steps = planned(found, { services: [nodes(3, { spec: newWeb, atATime: 2 })] });
    expect(steps).toEqual(['+s4 +s5 !', '-s1 -s2', '+s6 !', '-s3']);
  });

  it('takes the first names again the next time', () => {
    const later = [backend('s4'), backend('s5'), backend('s6')];
    const steps = planned(later, { services: [nodes(3, { imageId: 'web-2', atATime: 3 })] });
    expect(steps).toEqual(['+s1 +s2 +s3 !', '-s4 -s5 -s6']);
  });

  it('adds nodes at once that replace nobody', () => {
    const steps = planned([backend('s1')], { services: [nodes(3, { spec: newWeb })] });
    expect(steps).toEqual(['+s2 +s3', '+s4 !', '-s1']);
  });

  it('goes on where it was interrupted', () => {
    const half = [backend('s2'), backend('s3', newWeb)];
    expect(planned(half, { services: [nodes(2, { spec: newWeb })] })).toEqual(['+s1 !', '-s2']);
  });

  it('does not bring back what was stopped', () => {
    const steps = planned([backend('s1', web, 'exited')], { services: [nodes(1, { spec: newWeb })] });
    expect(steps).toEqual(['-s1', '+s1']);
  });

  it('replaces at once what ends again and again, by the same name', () => {
    const steps = planned([backend('s1', web, 'restarting')], { services: [nodes(1, { spec: newWeb })] });
    expect(steps).toEqual(['-s1', '+s1']);
  });

  it('says what differs', () => {
    const env = { A: '2', B: '1' };
    const steps = plan([backend('s1', newWeb)], { services: [nodes(1, { spec: { image: 'web', env } })] });
    expect(steps[1]).toMatchObject({ do: 'retire', why: 'environment: A, B' });
  });

  it('is not rolled out by a change of number alone', () => {
    const mixed = [backend('s1'), backend('s2', newWeb)];
    expect(planned(mixed, { services: [nodes(3, { spec: newWeb, replace: false })] })).toEqual(['+s3']);
  });
});

describe('a cluster without nodes', () => {
  it('keeps one, stopped, that remembers what the next are made from', () => {
    expect(planned([backend('s1'), backend('s2')], { services: [nodes(0)] })).toEqual(['-s2', 'rest s1']);
    const resting = [backend('s1', web, 'exited')];
    expect(planned(resting, { services: [nodes(0)] })).toEqual([]);
    expect(planned(resting, { services: [nodes(2, { replace: false })] })).toEqual(['+s2 ^s1']);
  });

  it('remembers another image when that is wanted for later', () => {
    expect(planned([backend('s1', web, 'exited')], { services: [nodes(0, { spec: newWeb })] })).toEqual([
      '-s1',
      'remember s1',
    ]);
  });
});

describe('balancers', () => {
  it('are left as they are when nothing is said of them', () => {
    expect(planned([balancer('ha', place(0))], { services: [nodes(0, { replace: false })] })).toEqual([
      'remember s1',
    ]);
  });

  it('are replaced one after the other, each in its place', () => {
    const found = [balancer('ha', place(0)), balancer('ha2', place(1)), backend('s1')];
    const wanted = { balancers: balancers([place(0), place(1)], 'ha:2'), services: [nodes(1)] };
    expect(planned(found, wanted)).toEqual(['-ha', '+ha', '-ha2', '+ha2']);
  });

  it('go together before they come again when ports pass from one to another', () => {
    const found = [balancer('ha', place(0)), balancer('ha2', place(1)), backend('s1')];
    const wanted = { balancers: balancers([place(1), place(2)]), services: [nodes(1)] };
    expect(planned(found, wanted)).toEqual(['-ha -ha2', '+ha +ha2']);
  });

  it('go when fewer are wanted', () => {
    const found = [balancer('ha', place(0)), balancer('ha2', place(1)), backend('s1')];
    expect(planned(found, { balancers: balancers([place(0)]), services: [nodes(1)] })).toEqual(['-ha2']);
  });
});

describe('several services', () => {
  const of = (service: string, each: FoundContainer): FoundContainer => ({ ...each, service });
  const shop = (count: number, more: Partial<WantedNodes> = {}) =>
    nodes(count, { service: 'shop', prefix: 'shop', ...more });

  it('come together, each with names of its own', () => {
    expect(planned([], { services: [nodes(2), shop(1)] })).toEqual(['+s1 +s2 +shop1']);
  });

  it('are changed one without the other', () => {
    const found = [backend('s1'), of('shop', backend('shop1')), of('shop', backend('shop2'))];
    expect(planned(found, { services: [shop(1)] })).toEqual(['-shop2']);
    expect(planned(found, { services: [nodes(0)] })).toEqual(['rest s1']);
    expect(planned(found, { services: [shop(2, { imageId: 'web-2' })] })).toEqual([
      '+shop3 !',
      '-shop1',
      '+shop4 !',
      '-shop2',
    ]);
  });

  it('never take the same name, whatever their prefix is', () => {
    const found = [of('shop', backend('s1')), backend('s2')];
    const both = { prefix: 's', imageId: 'web-2' };
    expect(planned(found, { services: [nodes(1, both), shop(1, both)] })).toEqual([
      '+s3 !',
      '-s2',
      '+s4 !',
      '-s1',
    ]);
  });

  it('are replaced when their routes are to be others, and say so', () => {
    const spec = { ...web, service: 'shop', routes: ['/shop'] };
    const found = [of('shop', backend('shop1', spec))];
    const steps = plan(found, { services: [shop(1, { spec: { ...spec, routes: ['/shop', '/cart'] } })] });
    expect(told(steps)).toEqual(['+shop2 !', '-shop1']);
    expect(steps[1]).toMatchObject({ why: 'routes /shop -> /shop, /cart' });
  });
});

const state = fc.constantFrom<ContainerState>('running', 'exited', 'created', 'paused');
const anyCluster = fc.uniqueArray(
  fc.record({ number: fc.integer({ min: 1, max: 9 }), spec: fc.constantFrom(web, newWeb), state }),
  { selector: ({ number }) => number, maxLength: 9 },
);

it('always ends as wanted, and never with fewer serving than before or wanted on the way', () => {
  const wish = fc.record({ count: fc.integer({ min: 1, max: 9 }), atATime: fc.integer({ min: 1, max: 4 }) });
  fc.assert(
    fc.property(anyCluster, wish, (some, { count, atATime }) => {
      const found = some.map((each) => backend(`s${each.number}`, each.spec, each.state));
      const wanted = { services: [nodes(count, { spec: newWeb, atATime })] };
      const serving = new Map(
        found
          .filter(({ state: now }) => now === 'running' || now === 'paused')
          .map((each) => [each.node, each]),
      );
      const least = Math.min(count, serving.size);
      for (const step of plan(found, wanted)) {
        if (step.do === 'bring') {
          for (const { node, spec } of step.create) {
            expect(serving.has(node)).toBe(false);
            serving.set(node, backend(node, spec));
          }
          for (const each of step.start) serving.set(each.node, { ...each, state: 'running' });
        } else if (step.do === 'retire') {
          for (const { node } of step.containers) serving.delete(node);
        }
        expect(serving.size).toBeGreaterThanOrEqual(least);
      }
      expect(serving.size).toBe(count);
      const end = [...serving.values()];
      expect(end.every(({ spec }) => spec === newWeb)).toBe(true);
      expect(plan(end, wanted)).toEqual([]);
    }),
  );
});

it.each([
  ['less', nodes(1), ['-s2']],
  ['none', nodes(0), ['-s2', 'rest s1']],
  ['other nodes', nodes(2, { spec: newWeb }), ['+s4 !', '-s1', '+s5 !', '-s2']],
])('sidecars are left alone, and keep their names, when there are to be %s', (_, wanted, steps) => {
  const sidecar = backend('s3', { ...web, app: { name: 'shop', connected: true } });
  expect(told(plan([backend('s1'), backend('s2'), sidecar], { services: [wanted] }))).toEqual(steps);
});
