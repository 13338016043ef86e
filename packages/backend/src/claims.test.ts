import type { BackendState, Claim, Member } from '@rollcall/membership';
import { expect, it } from 'vitest';
import { agedClaims, newClaims, ownClaims } from './claims.ts';

const own = [
  { route: '/', since: 500 },
  { route: '/api', since: 500 },
];
interface More {
  readonly name?: string;
  readonly status?: Member['status'];
  readonly state?: BackendState;
}
const member = (
  service: string,
  claims?: readonly Claim[],
  { name = 's1', status = 'alive', state = 'ready' }: More = {},
): Member => ({
  ...{ name, address: '10.0.0.1', status },
  tags: {
    ...{
      role: 'backend',
      boot: 'b1',
      service,
      port: 3000,
      state,
      weight: 100,
      check: { by: 'tcp' },
    },
    ...(claims && { claims }),
  },
});
const aged = (...members: Member[]) => agedIf(false, ...members);
const agedIf = (hasYielded: boolean, ...members: Member[]) =>
  agedClaims(own, { name: 's9', service: 'shop', hasYielded }, { members }).map(
    ({ route, since }) => `${route} ${since}`,
  );

it('a claim is as old as the first handler of the node', () => {
  const [kept, fresh] = ownClaims(['/', '/api'], [{ route: '/', since: 7 }]);
  expect(kept).toEqual({ route: '/', since: 7 });
  expect(fresh?.since).toBeLessThanOrEqual(Date.now());
  expect(ownClaims(['/api'])).toEqual([fresh]);
});

it('a node that had yielded its routes claims them as of now', () => {
  const before = Date.now();
  const claims = newClaims(['/', '/api']);
  expect(claims.map(({ route }) => route)).toEqual(['/', '/api']);
  for (const { since } of claims) expect(since).toBeGreaterThanOrEqual(before);
});

it('each claim is as old as the oldest one of the service', () => {
  expect(
    aged(member('shop', [{ route: '/api', since: 200 }]), member('shop', [{ route: '/api', since: 300 }])),
  ).toEqual(['/ 500', '/api 200']);
});

it.each(['starting', 'draining'] as const)(
  'a node that is %s is there as well as one that is ready',
  (state) => {
    expect(aged(member('shop', [{ route: '/api', since: 200 }], { state }))).toEqual(['/ 500', '/api 200']);
  },
);

it('one that drains tells no age to one whose drain was taken back', () => {
  const claims = [{ route: '/api', since: 200 }];
  expect(agedIf(true, member('shop', claims, { state: 'draining' }))).toEqual(['/ 500', '/api 500']);
  expect(agedIf(true, member('shop', claims))).toEqual(['/ 500', '/api 200']);
});

it('a claim that others made later stays as old as it is', () => {
  expect(aged(member('shop', [{ route: '/api', since: 900 }]))).toEqual(['/ 500', '/api 500']);
});

it('a node of an earlier version has claimed everything since ever', () => {
  expect(aged(member('shop'))).toEqual(['/ 0', '/api 500']);
});

it.each<[string, Member]>([
  ['of another service', member('web', [{ route: '/api', since: 200 }])],
  ['that has left', member('shop', [{ route: '/api', since: 200 }], { status: 'left' })],
  ['that is leaving', member('shop', [{ route: '/api', since: 200 }], { status: 'leaving' })],
  ['that has failed', member('shop', [{ route: '/api', since: 200 }], { status: 'failed' })],
  ['that is the node itself', member('shop', [{ route: '/api', since: 200 }], { name: 's9' })],
  ['whose tags are refused', { name: 's1', address: '10.0.0.1', status: 'alive', refused: 'nonsense' }],
  ['of another role', { ...member('shop'), tags: { role: 'balancer', boot: 'b1' } }],
])('nothing is taken from a node %s', (_, other) => {
  expect(aged(other)).toEqual(['/ 500', '/api 500']);
});
