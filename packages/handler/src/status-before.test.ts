import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { readBefore } from './status-before.ts';

let folder: string;
let file: string;
let warnings: string[];
const log = { warn: (_fields: object, message: string) => warnings.push(message) };

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'status-before-'));
  file = join(folder, 'status.json');
  warnings = [];
});
afterEach(() => rmSync(folder, { recursive: true }));

it.each([
  ['draining', true],
  ['drained', true],
  ['running', false],
  ['starting', false],
  // Its handler was asked to end, which takes a drain along; the node itself is to go on.
  ['stopped', false],
])('a node that was %s is draining: %s', (phase, isDraining) => {
  writeFileSync(file, JSON.stringify({ node: 's1', phase, roleStatus: { greeted: 3 } }));
  expect(readBefore(file, log)).toEqual({ isDraining, roleStatus: { greeted: 3 } });
  expect(warnings).toEqual([]);
});

it('there is nothing before the first handler', () => {
  expect(readBefore(file, log)).toBeUndefined();
  expect(warnings).toEqual([]);
});

it.each(['', 'null', '{', '{"phase":1}'])('a status of %j is no use, which is told', (text) => {
  writeFileSync(file, text);
  expect(readBefore(file, log)).toBeUndefined();
  expect(warnings).toHaveLength(1);
});
