import { expect, it } from 'vitest';
import { drainsInForce, UNCONFIRMED_MS } from './drains.ts';
import { backend, viewOf } from './examples.ts';

const drains = new Map([['s1', { boot: 'b1', at: 0 }]]);
const isInForce = (member: ReturnType<typeof backend> | undefined, now = 1) =>
  drainsInForce(drains, member && viewOf(member), now).has('s1');

it('holds while the view lags behind', () => {
  expect(isInForce(undefined)).toBe(true);
  expect(isInForce(backend('s1'))).toBe(true);
  expect(isInForce(backend('s1', { state: 'starting' }))).toBe(true);
  expect(isInForce(backend('s1', { boot: 'b0', state: 'draining' }))).toBe(true);
  expect(isInForce(backend('s1', { status: 'failed' }))).toBe(true);
});

it.each([
  ['say draining', backend('s1', { state: 'draining' })],
  ['belong to a node that leaves', backend('s1', { status: 'leaving' })],
])('ends when the tags %s: they decide from then on', (_, member) => {
  expect(isInForce(member)).toBe(false);
});

it('ends when the tags never say so', () => {
  expect(isInForce(backend('s1'), UNCONFIRMED_MS - 1)).toBe(true);
  expect(isInForce(backend('s1'), UNCONFIRMED_MS)).toBe(false);
});
