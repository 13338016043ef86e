import { expect, it } from 'vitest';
import type { FoundContainer, Published } from './cluster.ts';
import { firstPlace, USUAL_PLACE } from './first-place.ts';

const nothing = { bind: undefined, http: undefined, stats: undefined, publish: undefined };

function ha(published: Published): FoundContainer {
  return {
    ...{ id: '1', name: 'rollcall-ha', node: 'ha', role: 'balancer', service: undefined, imageId: 'x' },
    ...{ state: 'running', createdAt: new Date(0), spec: { image: 'x', env: {}, published } },
  };
}

it('is the usual one at first, with the ports of the routes', () => {
  expect(firstPlace(nothing, [], [])).toEqual(USUAL_PLACE);
  expect(firstPlace(nothing, [5432], [])).toEqual({ ...USUAL_PLACE, tcp: { 5432: 5432 } });
});

it('stays as it is where nothing is said: for a new route the balancer is not made anew', () => {
  const before = { bind: '0.0.0.0', http: 9000, stats: 9001, tcp: { 5432: 5432 } };
  expect(firstPlace(nothing, [6000], [ha(before)])).toEqual(before);
});

it('has one port more when that is said', () => {
  const before = { ...USUAL_PLACE, tcp: { 5432: 5432 } };
  expect(firstPlace({ ...nothing, http: 80, publish: [6000] }, [6000], [ha(before)])).toEqual({
    ...before,
    http: 80,
    tcp: { 5432: 5432, 6000: 6000 },
  });
});
