import { expect, it } from 'vitest';
import { balancerName, byNumber, freeNames, isNumbered, prefixOf, usualPrefix } from './names.ts';

it('sorts names by their numbers', () => {
  expect(['s10', 's2', 'ha', 's1'].sort(byNumber)).toEqual(['ha', 's1', 's2', 's10']);
});

it('names balancers ha, ha2, ha3', () => {
  expect([0, 1, 2].map(balancerName)).toEqual(['ha', 'ha2', 'ha3']);
});

it.each([
  ['s1', true],
  ['s10', true],
  ['s', false],
  ['s0', false],
  ['s01', false],
  ['s1a', false],
  ['t1', false],
])('tells whether %s is a number of s: %s', (name, is) => {
  expect(isNumbered(name, 's')).toBe(is);
});

it('finds the prefix of a name', () => {
  expect(prefixOf('web-eu12')).toBe('web-eu');
});

it.each([
  ['web', 's1'],
  ['shop', 'shop1'],
  ['api2', 'api2-1'],
  ['ha', 'ha-1'],
])('the first node of the service %s is %s', (service, node) => {
  expect(`${usualPrefix(service)}1`).toBe(node);
  expect(prefixOf(node)).toBe(usualPrefix(service));
});

it('takes the lowest names that are free', () => {
  expect(freeNames('s', 3, new Set(['s1', 's3']))).toEqual(['s2', 's4', 's5']);
  expect(freeNames('s', 0, new Set())).toEqual([]);
});
