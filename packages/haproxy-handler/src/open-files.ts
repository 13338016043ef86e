import { readFile } from 'node:fs/promises';
import { BalancerError } from './errors.ts';

/** HAProxy's least, for the built-in template: two for each of a hundred connections, and its own. It refuses to start with less. */
const OPEN_FILES_MIN = 256;

/** That HAProxy cannot start as the container's processes may open too few files; undefined where they may open enough. */
export async function openFilesProblem(limits = '/proc/self/limits'): Promise<BalancerError | undefined> {
  const hard = Number(/^Max open files +\S+ +(\d+)/m.exec(await readFile(limits, 'utf8'))?.[1] ?? Infinity);
  if (hard >= OPEN_FILES_MIN) return undefined;
  const what = `HAProxy needs ${OPEN_FILES_MIN} open files, and the limit of this container is ${hard}`;
  return new BalancerError('OPEN_FILES_LIMIT', what);
}
