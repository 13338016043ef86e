import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { SUPERVISION_ERRORS, SupervisionError } from './errors.ts';

it('every error code is explained in the README, in the same words', () => {
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
  const rows = [...readme.matchAll(/^\| `([A-Z_]+)` \| .+ \| (.+) \|$/gm)].map(([, code, advice]) => [
    code,
    advice,
  ]);
  expect(Object.fromEntries(rows)).toEqual(SUPERVISION_ERRORS);
});

it('an error says what, what to do, and why', () => {
  const cause = new Error('no such program');
  expect(new SupervisionError('CONTROL_FAILED', 'app could not be stopped', { cause })).toMatchObject({
    name: 'SupervisionError',
    message: `app could not be stopped. ${SUPERVISION_ERRORS.CONTROL_FAILED}`,
    cause,
  });
});
