import { describe, expect, test } from 'vitest';
import { countTests, describeCount } from './test-count.js';

const report = (numbers: object, testResults: object[] = []) => ({
  numPassedTests: 0,
  numPendingTests: 0,
  numTodoTests: 0,
  testResults: testResults as never[],
  ...numbers,
});

const failedFile = (...tests: string[]) => ({
  name: '/workspace/a.test.ts',
  status: 'failed',
  message: '',
  assertionResults: tests.map((fullName) => ({ status: 'failed', fullName })),
});

const run = { exitCode: 1, workspace: '/workspace' };

test('the projects are added up', () => {
  const reports = new Map([
    ['a', report({ numPassedTests: 3, numPendingTests: 1 })],
    ['b', report({ numPassedTests: 4, numTodoTests: 1 }, [failedFile('one', 'two')])],
  ]);
  expect(countTests(reports, run)).toEqual({
    passed: 7,
    failed: 2,
    skipped: 2,
    failures: ['FAILED b a.test.ts: one', 'FAILED b a.test.ts: two'],
  });
});

describe('counted as failed', () => {
  test('a project without a report', () => {
    expect(countTests(new Map([['a', undefined]]), run)).toMatchObject({
      failed: 1,
      failures: [expect.stringContaining('FAILED a left no report')],
    });
  });

  test('a file that broke before its first test', () => {
    expect(countTests(new Map([['a', report({}, [failedFile()])]]), run)).toMatchObject({
      failed: 1,
      failures: [expect.stringContaining('FAILED a a.test.ts broke outside of its tests')],
    });
  });

  test('a run that failed although every test passed', () => {
    expect(countTests(new Map([['a', report({ numPassedTests: 1 })]]), run)).toMatchObject({
      failed: 1,
      failures: [expect.stringContaining('the run ended with exit code 1')],
    });
  });
});

test('skipped tests are only told of where there are some', () => {
  expect(describeCount({ passed: 2, failed: 0, skipped: 0 })).toBe('2 passed, 0 failed');
  expect(describeCount({ passed: 2, failed: 1, skipped: 3 })).toBe('2 passed, 1 failed, 3 skipped');
});
