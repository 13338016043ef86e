import { expect, it } from 'vitest';
import { age, table } from './table.ts';

it('lines columns up, colours taking no room', () => {
  const text = table(
    ['NODE', 'STATE'],
    [
      ['s1', '\u001b[32mup\u001b[39m'],
      ['worker-eu', ''],
    ],
  );
  expect(text).toBe('NODE       STATE\ns1         \u001b[32mup\u001b[39m\nworker-eu\n');
});

it.each([
  [-5, '0 s'],
  [59_999, '59 s'],
  [60_000, '1 min'],
  [3_600_000, '1 h'],
  [200_000_000, '2 d'],
])('%i ms are %s', (ms, text) => {
  expect(age(ms)).toBe(text);
});
