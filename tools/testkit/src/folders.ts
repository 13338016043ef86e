import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isGone, ownerOf } from './owner.ts';

const PREFIX = 'rollcall-test-';
const NAME = new RegExp(`^${PREFIX}(.+)-[^-]{6}$`);

/** A new empty folder that names its owner, so that it is found when the owner dies. */
export async function makeFolder(): Promise<string> {
  return await mkdtemp(join(tmpdir(), `${PREFIX}${ownerOf(process.pid)}-`));
}

export async function removeLeftFolders(): Promise<void> {
  for (const entry of await readdir(tmpdir())) {
    const owner = NAME.exec(entry)?.[1];
    if (owner && isGone(owner)) await rm(join(tmpdir(), entry), { recursive: true, force: true });
  }
}
