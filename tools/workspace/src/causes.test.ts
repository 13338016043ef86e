import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { withCauses } from './causes.js';

test('the causes of an error are told, to the first one', () => {
  const first = new Error('no such host');
  const told = withCauses(new Error('not fetched', { cause: new Error('apt failed', { cause: first }) }));
  expect(told.split('\n').filter((line) => !/^\s+at /.test(line))).toEqual([
    'Error: not fetched',
    'Caused by: Error: apt failed',
    'Caused by: Error: no such host',
  ]);
});

test('a cause that is no error is told as it is', () => {
  expect(withCauses({ message: 'broken', cause: 'a word' })).toBe('broken\nCaused by: a word');
});

test('of a command that failed all that it printed is told, once', async () => {
  const failed = promisify(execFile)('sh', ['-c', 'echo on stdout; echo on stderr >&2; exit 3']);
  const told = withCauses(await failed.catch((error) => error));
  expect(told.match(/^on std(out|err)$/gm)?.sort()).toEqual(['on stderr', 'on stdout']);
});
