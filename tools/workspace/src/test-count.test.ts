import { describe, expect, test } from 'vitest';
import { countTests, describeCount } from './test-count.js';

const report = (numbers: object, testResults: object[] = []) => ({
  numPassedTests: 0,
  numFailedTests: 0,
  numPendingTests: 0,
  numTodoTests: 0,
  testResults: testResults as never[],
  ...numbers,
});

test('the projects are added up', () => {
  const reports = new Map([
    ['a', report({ numPassedTests: 3, numPendingTests: 1 })],
    ['b', report({ numPassedTests: 4, numFailedTests: 2, numTodoTests: 1 })],
  ]);
  expect(countTests(reports, 1)).toEqual({ passed: 7, failed: 2, skipped: 2, problems: [] });
});

describe('counted as failed', () => {
  test('a project without a report', () => {
    expect(countTests(new Map([['a', undefined]]), 1)).toMatchObject({
      failed: 1,
      problems: ['a did not run its tests.'],
    });
  });

  test('a file that broke before its first test', () => {
    const broken = { name: 'a.test.ts', status: 'failed', assertionResults: [] };
    expect(countTests(new Map([['a', report({}, [broken])]]), 1)).toMatchObject({
      failed: 1,
      problems: ['a.test.ts broke outside of its tests.'],
    });
  });

  test('a file with a failed test only once', () => {
    const failed = { name: 'a.test.ts', status: 'failed', assertionResults: [{ status: 'failed' }] };
    expect(countTests(new Map([['a', report({ numFailedTests: 1 }, [failed])]]), 1).failed).toBe(1);
  });

  test('a run that failed although every test passed', () => {
    expect(countTests(new Map([['a', report({ numPassedTests: 1 })]]), 1)).toMatchObject({
      failed: 1,
      problems: ['No test failed, but the run ended with exit code 1.'],
    });
  });
});

test('skipped tests are only told of where there are some', () => {
  expect(describeCount({ passed: 2, failed: 0, skipped: 0 })).toBe('2 passed, 0 failed');
  expect(describeCount({ passed: 2, failed: 1, skipped: 3 })).toBe('2 passed, 1 failed, 3 skipped');
});
