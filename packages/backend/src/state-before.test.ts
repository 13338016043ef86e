import { expect, it } from 'vitest';
import { stateBefore } from './state-before.ts';

const since = '2026-01-02T03:04:05.678Z';
const routes = [{ route: '/api', since }];

it.each([
  ['starting', false, false],
  ['ready', false, true],
  ['draining', true, true],
  ['draining', true, false],
] as const)('a node that was %s is so again', (state, isDraining, ready) => {
  const roleStatus = { service: 'web', routes, state, app: { ready, since } };
  expect(stateBefore({ isDraining, roleStatus })).toEqual({
    state,
    readiness: { ready, since: Date.parse(since), failures: 0 },
    claims: [{ route: '/api', since: Date.parse(since) }],
  });
});

it('a node whose handler was stopped by itself comes back into rotation', () => {
  const roleStatus = { state: 'draining', routes, app: { ready: true, since } };
  expect(stateBefore({ isDraining: false, roleStatus })).toMatchObject({ state: 'ready' });
});

it('a node that was nothing yet has no state', () => {
  expect(stateBefore(undefined)).toBeUndefined();
});

it.each([
  null,
  {},
  { routes, app: null },
  { routes, app: { ready: 'yes', since } },
  { routes, app: { ready: true, since: 'then' } },
  { routes: null, app: { ready: true, since } },
])('a node whose status was %j has no state', (roleStatus) => {
  expect(stateBefore({ isDraining: false, roleStatus })).toBeUndefined();
});
