import fc from 'fast-check';
import { expect, test } from 'vitest';
import { escapeNodeName, isNodeName } from './node-name.ts';

test.each(['s1', 'a', 'A.b_c-9', '0', 'x'.repeat(63), '4f1c9a0b2d3e'])('%j is a name', (name) => {
  expect(isNodeName(name)).toBe(true);
});

test.each([
  '',
  '.',
  '..',
  '-a',
  '_a',
  'a b',
  'a/b',
  '/../',
  'a\n',
  '\na',
  '}}{{',
  'é',
  'x'.repeat(64),
  '$(reboot)',
  '%61',
])('%j is no name', (name) => {
  expect(isNodeName(name)).toBe(false);
});

test.each([
  ['', '%'],
  ['-a', '%2Da'],
  ['a b', '%61%20b'],
  ['/../', '%2F%2E%2E%2F'],
  ['é', '%C3%A9'],
])('%j is shown as %j', (name, shown) => {
  expect(escapeNodeName(name)).toBe(shown);
});

test('what is shown is short, harmless, never a valid name, and different for different names', () => {
  const hostile = fc.oneof(fc.string({ unit: 'binary', maxLength: 600 }), fc.string({ unit: 'grapheme' }));
  fc.assert(
    fc.property(hostile, hostile, (one, other) => {
      expect(escapeNodeName(one)).toMatch(/^[A-Za-z0-9%_-]{1,70}$/);
      expect(isNodeName(escapeNodeName(one))).toBe(false);
      expect(escapeNodeName(one) === escapeNodeName(other)).toBe(Buffer.from(one).equals(Buffer.from(other)));
    }),
  );
});
