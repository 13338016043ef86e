import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readNodeFile } from './node-file.ts';

const file = join(mkdtempSync(join(tmpdir(), 'node-file-')), 'node.json');
const node = { name: 's1', boot: '0123456789ab', rpcAuthKey: 'secret', rpcPort: 7373 };

it('says who this node is', () => {
  writeFileSync(file, JSON.stringify(node));
  expect(readNodeFile(file)).toEqual(node);
});

it.each([
  ['is empty', ''],
  ['is no object', '[]'],
  ['has no name', JSON.stringify({ ...node, name: '' })],
  ['has no boot', JSON.stringify({ ...node, boot: undefined })],
  ['has no key', JSON.stringify({ ...node, rpcAuthKey: '' })],
  ['has no port', JSON.stringify({ ...node, rpcPort: '' })],
])('is not taken for one when it %s', (_what, text) => {
  writeFileSync(file, text);
  expect(() => readNodeFile(file)).toThrow(expect.objectContaining({ code: 'NOT_PREPARED' }));
});

it('is not there before the first handler has prepared the node', () => {
  expect(readNodeFile('/nowhere/node.json')).toBeUndefined();
});
