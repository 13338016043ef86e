import { expect, test } from 'vitest';
import { failuresIn } from './failures.js';

const failuresOf = failuresIn('@rollcall/a', '/workspace');

const file = (assertionResults: object[], more: object = {}) => ({
  name: '/workspace/a/tests/a.test.ts',
  status: 'failed',
  message: '',
  assertionResults: assertionResults as never[],
  ...more,
});

const failed = (...failureMessages: string[]) => ({
  status: 'failed',
  fullName: 'all works',
  failureMessages,
});

test('a failed test is named with its project, its file, its message and the place in the test', () => {
  const stack =
    'Error: it is \u001b[31mred\u001b[39m\n    at lib (/lib.js:1:1)\n    at /a.test.ts:3:7\n    at /c.js:1:1';
  expect(failuresOf(file([{ status: 'passed', fullName: 'some works' }, failed(stack)]))).toEqual([
    'FAILED @rollcall/a a/tests/a.test.ts: all works\n  Error: it is red\n    at /a.test.ts:3:7',
  ]);
});

test('each failed test of a file is named, one without a message too', () => {
  expect(failuresOf(file([failed(), failed()]))).toHaveLength(2);
});

test('a long message is cut to its first and last lines', () => {
  const lines = Array.from({ length: 1000 }, (_, index) => `${index} ${'x'.repeat(1000)}`);
  const told = failuresOf(file([failed(lines.join('\n'))]))[0]?.split('\n') ?? [];
  const first = ['FAILED', '0', '1', '2', '3', '...'];
  const last = Array.from({ length: 10 }, (_, index) => String(990 + index));
  expect(told.map((line) => line.trim().split(' ')[0])).toEqual([...first, ...last]);
  expect(Math.max(...told.map((line) => line.length))).toBeLessThan(310);
});

test('a file that broke before its first test, or after its last, is named with what broke', () => {
  const passed = { status: 'passed', fullName: 'works' };
  for (const tests of [[], [passed]]) {
    expect(failuresOf(file(tests, { message: 'No engine' }))).toEqual([
      'FAILED @rollcall/a a/tests/a.test.ts broke outside of its tests\n  No engine',
    ]);
  }
});

test('where a hook of a describe broke, of which the report has no message, it says so', () => {
  expect(failuresOf(file([]))[0]).toContain('hook');
});

test('nothing is told of a file whose tests passed', () => {
  expect(failuresOf(file([{ status: 'passed', fullName: 'works' }], { status: 'passed' }))).toEqual([]);
});
