import { expect, it } from 'vitest';
import { median, rounded, spread } from './statistics.ts';

it('tells the middle and the tail, whatever the order', () => {
  const values = Array.from({ length: 100 }, (_, index) => 100 - index);
  expect(spread(values)).toEqual({ count: 100, median: 50, p99: 99, least: 1, most: 100 });
  expect(median([3, 1, 2])).toBe(2);
});

it('makes up nothing where nothing was measured', () => {
  expect(() => spread([])).toThrow('nothing was measured');
});

it('keeps three digits, and whole numbers whole', () => {
  expect([0.123456, 1.23456, 123.456, 12_345.6, 0].map(rounded)).toEqual([0.123, 1.23, 123, 12_346, 0]);
});
