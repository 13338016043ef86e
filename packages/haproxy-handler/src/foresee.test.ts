import { expect, it } from 'vitest';
import { actual } from './examples.ts';
import { type Foreseeable, foresee } from './foresee.ts';
import type { Actual } from './load-balancer.ts';
import { LEAST_SECTIONS } from './sections.ts';

const before: Actual = {
  worker: 7,
  fingerprint: 'f',
  oldWorkers: [],
  sections: LEAST_SECTIONS,
  routes: new Map(),
  servers: [actual('s1', { inFlight: 3, requests: 9 })],
};
const s1 = { backend: 'web', name: 's1' };
const s2 = { backend: 'web', name: 's2', address: '10.0.0.2', port: 80, weight: 5 };

it.each<[Foreseeable, Partial<Actual['servers'][number]>]>([
  [
    { do: 'move', ...s1, address: '10.9.9.9', port: 81 },
    { address: '10.9.9.9', port: 81 },
  ],
  [{ do: 'weigh', ...s1, weight: 7 }, { weight: 7 }],
  [{ do: 'check', ...s1 }, { checked: true }],
  [
    { do: 'maint', ...s1 },
    { mode: 'maint', up: false },
  ],
  [
    { do: 'ready', ...s1 },
    { mode: 'ready', up: true },
  ],
  [{ do: 'revive', ...s1 }, { up: true }],
])('%j changes that and nothing else', (step, change) => {
  expect(foresee(before, [step])).toEqual({ ...before, servers: [{ ...before.servers[0], ...change }] });
});

it('a server that is added has had no request, and gets some if it is to be ready', () => {
  const add = (mode: 'ready' | 'maint') =>
    foresee(before, [{ do: 'add', server: { ...s2, mode } }]).servers[1];
  expect(add('ready')).toEqual({ ...s2, mode: 'ready', up: true, checked: true, inFlight: 0, requests: 0 });
  expect(add('maint')).toMatchObject({ mode: 'maint', up: false });
});

it('steps come one after the other', () => {
  const routes = new Map([['/', 'web']]);
  expect(
    foresee(before, [
      { do: 'add', server: { ...s2, mode: 'maint' } },
      { do: 'route', routes },
      { do: 'ready', backend: 'web', name: 's2' },
      { do: 'maint', ...s1 },
    ]),
  ).toMatchObject({
    routes,
    servers: [
      { name: 's1', mode: 'maint' },
      { name: 's2', mode: 'ready' },
    ],
  });
});
