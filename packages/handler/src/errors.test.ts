import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { HANDLER_ERRORS, HandlerError } from './errors.ts';

it('every error code is explained in the README, in the same words', () => {
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
  const rows = [...readme.matchAll(/^\| `([A-Z_]+)` \| .+ \| (.+) \|$/gm)].map(([, code, advice]) => [
    code,
    advice,
  ]);
  expect(Object.fromEntries(rows)).toEqual(HANDLER_ERRORS);
});

it('an error says what, what to do, and why', () => {
  const cause = new Error('no such file');
  expect(new HandlerError('NOT_PREPARED', 'node.json cannot be read', { cause })).toMatchObject({
    name: 'HandlerError',
    code: 'NOT_PREPARED',
    message: `node.json cannot be read. ${HANDLER_ERRORS.NOT_PREPARED}`,
    cause,
  });
});
