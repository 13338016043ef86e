import { stat } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * @param {string} version as in process.versions.node
 * @param {string} range as in package.json: `>=20.19.0`
 * @returns {boolean}
 */
export function isNodeNewEnough(version, range) {
  const has = version.split('.').map(Number);
  const needs = range.replace('>=', '').split('.').map(Number);
  const differing = needs.findIndex((part, index) => part !== has[index]);
  return differing === -1 || (has[differing] ?? 0) > (needs[differing] ?? 0);
}

/**
 * Whether npm has installed what the lock file says: it writes a copy of the lock file when it is done.
 *
 * @param {string} workspace
 * @returns {Promise<boolean>}
 */
export async function isInstalled(workspace) {
  const [locked, installed] = await Promise.all(
    ['package-lock.json', 'node_modules/.package-lock.json'].map((file) =>
      stat(join(workspace, file)).catch(() => undefined),
    ),
  );
  return installed !== undefined && (locked === undefined || installed.mtimeMs >= locked.mtimeMs);
}
