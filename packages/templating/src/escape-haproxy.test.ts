import fc from 'fast-check';
import { expect, it } from 'vitest';
import { escapeHaproxy } from './escape-haproxy.ts';

it.each([
  ['s1', 's1'],
  ['10.0.0.1:3000', '10.0.0.1:3000'],
  ['[fe80::1]:80', '[fe80::1]:80'],
  ['two words', 'two\\x20words'],
  ['a"b\'c', 'a\\x22b\\x27c'],
  ['#\\$', '\\x23\\x5c\\x24'],
  ['é', '\\xc3\\xa9'],
])('writes %s as one word', (value, word) => {
  expect(escapeHaproxy(value)).toBe(word);
});

it.each(['', 'a\nb', 'a\rb', 'a\0b', 'a\tb', '\u0085', '\u007f'])('refuses %j', (value) => {
  expect(() => escapeHaproxy(value)).toThrow(RangeError);
});

it('nothing that it writes can end a word, a quote or a line, or expand a variable', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', minLength: 1 }), (value) => {
      if (/\p{Cc}/u.test(value)) return;
      expect(escapeHaproxy(value)).toMatch(/^(?:[A-Za-z0-9._:/@,=+[\]-]|\\x[0-9a-f]{2})+$/);
    }),
  );
});
