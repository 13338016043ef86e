import { relative } from 'node:path';
import { stripVTControlCharacters } from 'node:util';

/**
 * What vitest's JSON reporter writes of a test and of a file, as far as it is read here.
 *
 * @typedef {{ status: string, fullName: string, failureMessages?: string[] }} TestResult
 * @typedef {{ status: string, name: string, message: string, assertionResults: TestResult[] }} FileResult
 */

// Of a message, as CI shows no more than the last lines of all that is printed.
const FIRST_LINES = 4;
const LAST_LINES = 10;
const LINE_LENGTH = 300;

// The reporter leaves out what such a hook said.
const HOOK = 'in a hook of a describe: what it said stands above, with the file';

/**
 * What failed in a file: its tests, or what broke outside of them.
 *
 * @param {string} project
 * @param {string} workspace
 * @returns {(file: FileResult) => string[]} a few lines each: project, file and test, then what went wrong
 */
export const failuresIn = (project, workspace) => (file) => {
  const where = `FAILED ${project} ${relative(workspace, file.name)}`;
  const tests = file.assertionResults.filter(({ status }) => status === 'failed');
  if (tests.length === 0 && file.status === 'failed') {
    return [withMessage(`${where} broke outside of its tests`, file.message || HOOK)];
  }
  return tests.map(({ fullName, failureMessages = [] }) =>
    withMessage(`${where}: ${fullName.trim()}`, failureMessages.join('\n')),
  );
};

/**
 * @param {string} title
 * @param {string} message may be an error's stack, of which only the frame in the test is told
 */
function withMessage(title, message) {
  const lines = stripVTControlCharacters(message).split('\n');
  const [frames, words] = partition(lines, (line) => /^\s+at /.test(line));
  const frame = frames.find((line) => line.includes('.test.ts')) ?? frames[0];
  const told = shortened(words.filter((line) => line.trim() !== '')).map((line) =>
    line.slice(0, LINE_LENGTH),
  );
  return [title, ...told.map((line) => `  ${line}`), ...(frame ? [frame] : [])].join('\n');
}

/** @param {readonly string[]} lines */
function shortened(lines) {
  if (lines.length <= FIRST_LINES + LAST_LINES + 1) return lines;
  return [...lines.slice(0, FIRST_LINES), '...', ...lines.slice(-LAST_LINES)];
}

/**
 * @template T
 * @param {readonly T[]} items
 * @param {(item: T) => boolean} test
 * @returns {[T[], T[]]} those that pass the test, and the others
 */
function partition(items, test) {
  return [items.filter(test), items.filter((item) => !test(item))];
}
