import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { isMembershipError, MEMBERSHIP_ERRORS, MembershipError, type MembershipErrorCode } from './errors.ts';

const codes = Object.keys(MEMBERSHIP_ERRORS) as MembershipErrorCode[];

test('the README lists every code with what to do, and no other', () => {
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
  const listed = [...readme.matchAll(/^\| `([A-Z_]+)` \|.*\| (.+) \|$/gm)].map(([, code, advice]) => [
    code,
    advice,
  ]);
  expect(listed).toEqual(codes.map((code) => [code, MEMBERSHIP_ERRORS[code]]));
});

test.each(codes)('%s tells what went wrong, what to do and why', (code) => {
  const cause = new Error('because');
  const error = new MembershipError(code, 'It broke', { cause });
  expect(error.message).toBe(`It broke. ${MEMBERSHIP_ERRORS[code]}`);
  expect(error).toMatchObject({ name: 'MembershipError', code, cause });
  expect(isMembershipError(error, code)).toBe(true);
  expect(isMembershipError(cause)).toBe(false);
});
