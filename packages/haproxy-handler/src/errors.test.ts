import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { BALANCER_ERRORS } from './errors.ts';
import { variables } from './variables.ts';

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
const firstCells = [...readme.matchAll(/^\| `([A-Z_]+)` \|/gm)].map(([, cell]) => cell ?? '');

it('the README explains every error code, and no other', () => {
  expect(firstCells.filter((cell) => !cell.startsWith('ROLLCALL_'))).toEqual(Object.keys(BALANCER_ERRORS));
});

it('the README names every variable, and no other', () => {
  expect(firstCells.filter((cell) => cell.startsWith('ROLLCALL_'))).toEqual(
    Object.values(variables).map(({ name }) => name),
  );
});
