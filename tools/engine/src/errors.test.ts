import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { engineErrorCodes } from './errors.ts';

test('README.md explains every code, and no other', () => {
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
  const explained = [...readme.matchAll(/^\| `([A-Z_]+)` \|/gm)].map(([, code]) => code);
  expect(explained).toEqual([...engineErrorCodes]);
});
