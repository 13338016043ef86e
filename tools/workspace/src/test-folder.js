import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * Vitest's global set-up: what tests make in the temporary folder is gone after them.
 *
 * @returns {Promise<() => Promise<void>>} what is to be done after the tests
 */
export default async function setUp() {
  // Short, as sockets are made in it and their paths have at most 107 bytes.
  const folder = await mkdtemp(join(tmpdir(), 'rollcall-'));
  process.env['TMPDIR'] = folder;
  return async () => await rm(folder, { recursive: true, force: true });
}
