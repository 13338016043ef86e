import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { TEMPLATING_ERRORS } from './errors.ts';

it('the README explains every error code, and no other', () => {
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
  const explained = [...readme.matchAll(/^\| `([A-Z_]+)` \|/gm)].map(([, code]) => code);
  expect(explained).toEqual(Object.keys(TEMPLATING_ERRORS));
});
