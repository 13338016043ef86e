import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { stateBefore } from './state-before.ts';

let folder: string;
let file: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'state-before-'));
  file = join(folder, 'status.json');
});
afterEach(() => rmSync(folder, { recursive: true }));

it.each(['starting', 'ready', 'draining'] as const)('a node that was %s is so again', (state) => {
  writeFileSync(file, JSON.stringify({ node: 's1', roleStatus: { state } }));
  expect(stateBefore(file)).toBe(state);
});

it('a node that was nothing yet is starting', () => {
  expect(stateBefore(file)).toBe('starting');
});

it.each(['', 'null', '{"roleStatus":null}', '{"roleStatus":{"state":"gone"}}'])(
  'a node whose status was %j is starting',
  (text) => {
    writeFileSync(file, text);
    expect(stateBefore(file)).toBe('starting');
  },
);
