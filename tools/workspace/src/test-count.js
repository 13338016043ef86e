import { failuresIn } from './failures.js';

/**
 * What vitest's JSON reporter writes, as far as it is read here.
 *
 * @typedef {{ numPassedTests: number, numPendingTests: number, numTodoTests: number, testResults: import('./failures.js').FileResult[] }} Report
 *
 * @typedef {{ passed: number, failed: number, skipped: number, failures: string[] }} Count
 */

/**
 * Adds up the reports of all projects. What kept tests from running counts as failed too: a project without a
 * report, a file that broke before its first test, a run that failed for any other reason.
 *
 * @param {ReadonlyMap<string, Report | undefined>} reports by project
 * @param {{ exitCode: number, workspace: string }} run exit code of the run as a whole
 * @returns {Count} `failures`: what failed, a few lines each
 */
export function countTests(reports, { exitCode, workspace }) {
  const written = [...reports.values()].filter((report) => report !== undefined);
  const failures = [...reports].flatMap(([project, report]) =>
    report
      ? report.testResults.flatMap(failuresIn(project, workspace))
      : [`FAILED ${project} left no report: it did not run its tests to their end`],
  );
  if (exitCode !== 0 && failures.length === 0) {
    failures.push(`FAILED No test failed, but the run ended with exit code ${exitCode}: see above`);
  }
  /** @param {(report: Report) => number} number */
  const sum = (number) => written.reduce((total, report) => total + number(report), 0);
  return {
    passed: sum((report) => report.numPassedTests),
    failed: failures.length,
    skipped: sum((report) => report.numPendingTests + report.numTodoTests),
    failures,
  };
}

/** @param {Omit<Count, 'failures'>} count */
export function describeCount({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed${skipped ? `, ${skipped} skipped` : ''}`;
}
