/**
 * `npm start`, `npm test` and the tools that need the images (`npm run churn` ...), from a fresh clone on: only Node and npm
 * are there, so this is plain JavaScript that imports no package before it has installed them.
 */

import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { output, run } from './child.js';
import { isInstalled, isNodeNewEnough } from './preconditions.js';
import { countTests, describeCount } from './test-count.js';

const workspace = fileURLToPath(new URL('../../..', import.meta.url));
const reportsFolder = join(workspace, '.rollcall', 'reports');
const nx = join(workspace, 'node_modules', '.bin', 'nx');
// Nx' full-screen view hides what has scrolled by. Its daemon would outlive the command, and look at every file that the
// engine's containers write.
const env = { ...process.env, NX_TUI: 'false', NX_DAEMON: 'false' };

/** What stopped a command, with the exit code to end with. */
class Stopped extends Error {
  /**
   * @param {string} message
   * @param {number} exitCode
   */
  constructor(message, exitCode) {
    super(message);
    this.exitCode = exitCode;
  }
}

async function start() {
  const withEngine = await prepare();
  return await run(process.execPath, ['packages/cli/bin/rollcall.js', 'up'], {
    cwd: workspace,
    env: withEngine,
  });
}

async function test() {
  await rm(reportsFolder, { recursive: true, force: true });
  const withEngine = await prepare();
  const runTests = ['run-many', '-t', 'test', '--outputStyle=stream'];
  const exitCode = await run(nx, runTests, { cwd: workspace, env: withEngine });
  if (exitCode > 128) throw new Stopped('The tests were interrupted.', exitCode);
  const count = countTests(await readReports(), { exitCode, workspace });
  for (const failure of count.failures) console.log(failure);
  console.log(describeCount(count));
  return count.failed === 0 ? 0 : 1;
}

/**
 * A tool that needs the images, with the options that the command was given.
 *
 * @param {string} name
 */
const tool = (name) => async () => {
  const withEngine = await prepare();
  return await run(process.execPath, [`tools/${name}/dist/main.js`, ...process.argv.slice(3)], {
    cwd: workspace,
    env: withEngine,
  });
};

/**
 * From a fresh clone to built packages and images.
 *
 * @returns {Promise<NodeJS.ProcessEnv>} an environment that names the engine that has the images
 */
async function prepare() {
  const { engines } = JSON.parse(await readFile(join(workspace, 'package.json'), 'utf8'));
  if (!isNodeNewEnough(process.versions.node, engines.node)) {
    throw new Stopped(`Rollcall needs Node ${engines.node}, but this is ${process.versions.node}.`, 1);
  }
  if (!(await isInstalled(workspace))) await step('npm ci', 'npm', ['ci']);
  await step('The build', nx, ['run-many', '-t', 'build', '--outputStyle=stream']);
  // Installed and built by now.
  const { connectEngine } = await import('@rollcall/engine');
  const { host } = await connectEngine({ workspace });
  return { ...env, DOCKER_HOST: host };
}

/**
 * @param {string} what
 * @param {string} command
 * @param {readonly string[]} args
 */
async function step(what, command, args) {
  const exitCode = await run(command, args, { cwd: workspace, env });
  if (exitCode !== 0) throw new Stopped(`${what} failed: see above.`, exitCode);
}

/** The report of every project that has tests; undefined where it has left none, or one that is cut short. */
async function readReports() {
  const projects = JSON.parse(
    await output(nx, ['show', 'projects', '--with-target=test', '--json'], { cwd: workspace, env }),
  );
  return new Map(
    await Promise.all(projects.map(async (/** @type {string} */ name) => [name, await readReport(name)])),
  );
}

/** @param {string} project */
async function readReport(project) {
  try {
    return JSON.parse(await readFile(join(reportsFolder, `${project}.json`), 'utf8'));
  } catch {
    return undefined;
  }
}

const commands = { start, test, churn: tool('churn'), lab: tool('lab'), bench: tool('bench') };
const name = /** @type {keyof typeof commands} */ (process.argv[2]);
try {
  process.exitCode = await commands[name]();
} catch (error) {
  const { message, exitCode = 1, code = undefined } = /** @type {Stopped & { code?: string }} */ (error);
  console.error(error instanceof Stopped || code ? message : error);
  const interrupted = exitCode > 128;
  if (name === 'test' && !interrupted) console.log(describeCount({ passed: 0, failed: 1, skipped: 0 }));
  process.exitCode = exitCode;
}
