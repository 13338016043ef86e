import { expect, test } from 'vitest';
import { lineage } from './lineage.js';

const dependencies: Record<string, string[]> = {
  'images/base': ['@rollcall/os-image', '@rollcall/handler'],
  'images/tools': ['@rollcall/os-image'],
  'images/shop': ['@rollcall/base-image', '@rollcall/tools-image', 'pino'],
};
const familyOf = (root: string) => lineage(root, (each) => dependencies[each] ?? []);

test('an image descends from the images among its dependencies, the eldest first', () => {
  expect(familyOf('images/base')).toEqual(['images/os', 'images/base']);
});

test('an ancestor on two ways is one', () => {
  expect(familyOf('images/shop')).toEqual(['images/os', 'images/base', 'images/tools', 'images/shop']);
});
