import type { Claim, Member } from '@rollcall/membership';
import { expect, it } from 'vitest';
import { agedClaims, ownClaims } from './claims.ts';

const own = [
  { route: '/', since: 500 },
  { route: '/api', since: 500 },
];
const member = (service: string, claims?: readonly Claim[], status: Member['status'] = 'alive'): Member => ({
  ...{ name: 's1', address: '10.0.0.1', status },
  tags: {
    ...{
      role: 'backend',
      boot: 'b1',
      service,
      port: 3000,
      state: 'ready',
      weight: 100,
      check: { by: 'tcp' },
    },
    ...(claims && { claims }),
  },
});
const aged = (...members: Member[]) =>
  agedClaims(own, 'shop', { members }).map(({ route, since }) => `${route} ${since}`);

it('a claim is as old as the first handler of the node', () => {
  const [kept, fresh] = ownClaims(['/', '/api'], [{ route: '/', since: 7 }]);
  expect(kept).toEqual({ route: '/', since: 7 });
  expect(fresh?.since).toBeLessThanOrEqual(Date.now());
  expect(ownClaims(['/api'])).toEqual([fresh]);
});

it('each claim is as old as the oldest one of the service', () => {
  expect(
    aged(
      member('shop', [{ route: '/api', since: 200 }]),
      member('shop', [{ route: '/api', since: 300 }], 'failed'),
    ),
  ).toEqual(['/ 500', '/api 200']);
});

it('a claim that others made later stays as old as it is', () => {
  expect(aged(member('shop', [{ route: '/api', since: 900 }]))).toEqual(['/ 500', '/api 500']);
});

it('a node of an earlier version has claimed everything since ever', () => {
  expect(aged(member('shop'))).toEqual(['/ 0', '/api 500']);
});

it.each<[string, Member]>([
  ['of another service', member('web', [{ route: '/api', since: 200 }])],
  ['that has left', member('shop', [{ route: '/api', since: 200 }], 'left')],
  ['whose tags are refused', { name: 's1', address: '10.0.0.1', status: 'alive', refused: 'nonsense' }],
  ['of another role', { ...member('shop'), tags: { role: 'balancer', boot: 'b1' } }],
])('nothing is taken from a node %s', (_, other) => {
  expect(aged(other)).toEqual(['/ 500', '/api 500']);
});
