import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { CliError, type CliErrorCode, EXIT } from './errors.ts';

const read = (path: string) => readFileSync(new URL(path, import.meta.url), 'utf8');
const readme = read('../README.md');

it('every error code stands in the README with its exit code, and no other', () => {
  const table = /EXIT_CODES = \{([^}]+)\}/.exec(read('./errors.ts'))?.[1] ?? '';
  const codes = [...table.matchAll(/^ {2}([A-Z_]+):/gm)].map(([, code]) => code as CliErrorCode);
  const explained = [...readme.matchAll(/^\| `([A-Z_]+)` \| (\d+) \|/gm)].map(
    ([, code, exitCode]) => `${code} ${exitCode}`,
  );
  expect(codes.length).toBeGreaterThan(0);
  expect(explained.sort()).toEqual(codes.map((code) => `${code} ${new CliError(code, '').exitCode}`).sort());
});

it('every exit code stands in the README, and no other', () => {
  const explained = [...readme.matchAll(/^\| (\d+) \|/gm)].map(([, code]) => Number(code));
  expect(explained.sort()).toEqual(Object.values(EXIT).sort());
});
