import { expect, it } from 'vitest';
import { mayGrow } from './machine-load.ts';

it('lets the cluster grow while processor and memory are enough for the next size', () => {
  expect(mayGrow({ cpu: 0.3, memory: 0.1 }, 2)).toBe(true);
  expect(mayGrow({ cpu: 0.4, memory: 0.1 }, 2)).toBe(false);
  expect(mayGrow({ cpu: 0.1, memory: 0.4 }, 2)).toBe(false);
});
