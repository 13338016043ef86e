/**
 * What vitest's JSON reporter writes, as far as it is read here.
 *
 * @typedef {{ status: string, assertionResults: { status: string }[], name: string }} FileResult
 * @typedef {{ numPassedTests: number, numFailedTests: number, numPendingTests: number, numTodoTests: number, testResults: FileResult[] }} Report
 *
 * @typedef {{ passed: number, failed: number, skipped: number, problems: string[] }} Count
 */

/**
 * Adds up the reports of all projects. What kept tests from running counts as failed too: a project without a
 * report, a file that broke before its first test, a run that failed for any other reason.
 *
 * @param {ReadonlyMap<string, Report | undefined>} reports by project
 * @param {number} exitCode of the run as a whole
 * @returns {Count} `problems` are the failures that no test has told of, one sentence each
 */
export function countTests(reports, exitCode) {
  const written = [...reports.values()].filter((report) => report !== undefined);
  const problems = [
    ...[...reports].filter(([, report]) => !report).map(([project]) => `${project} did not run its tests.`),
    ...written.flatMap(brokenFiles).map((name) => `${name} broke outside of its tests.`),
  ];
  /** @param {(report: Report) => number} number */
  const sum = (number) => written.reduce((total, report) => total + number(report), 0);
  const failedTests = sum((report) => report.numFailedTests);
  if (exitCode !== 0 && failedTests + problems.length === 0) {
    problems.push(`No test failed, but the run ended with exit code ${exitCode}.`);
  }
  return {
    passed: sum((report) => report.numPassedTests),
    failed: failedTests + problems.length,
    skipped: sum((report) => report.numPendingTests + report.numTodoTests),
    problems,
  };
}

/** @param {Report} report */
function brokenFiles({ testResults }) {
  return testResults
    .filter(
      ({ status, assertionResults }) =>
        status === 'failed' && assertionResults.every((test) => test.status !== 'failed'),
    )
    .map(({ name }) => name);
}

/** @param {Omit<Count, 'problems'>} count */
export function describeCount({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed${skipped ? `, ${skipped} skipped` : ''}`;
}
