import { randomBytes } from 'node:crypto';
import { open, readFile, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { FileError } from './errors.ts';

const NEW_FILE_MODE = 0o644;

/** The text of a file (UTF-8), or undefined when there is none. Throws `FileError` FILE_NOT_READ. */
export async function readIfPresent(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (isAbsent(error)) return undefined;
    throw new FileError('FILE_NOT_READ', path, error);
  }
}

/**
 * Makes a file say `text` (UTF-8); true when it did not before. Readers see the old file or the new one, never a part; it
 * is on the disk when this resolves. The mode of an existing file stays, a new one gets 0644. Throws `FileError`
 * FILE_NOT_WRITTEN and then leaves nothing behind.
 */
export async function writeIfChanged(path: string, text: string): Promise<boolean> {
  // A file that cannot be read may still be replaced: only its folder has to be writable.
  const present = await readIfPresent(path).catch(() => undefined);
  if (present === text) return false;
  const temporary = join(dirname(path), `.${basename(path)}.${randomBytes(6).toString('hex')}`);
  try {
    await writeThrough(temporary, text, await modeOf(path));
    await rename(temporary, path);
    await syncFolder(dirname(path));
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw new FileError('FILE_NOT_WRITTEN', path, error);
  }
  return true;
}

async function writeThrough(path: string, text: string, mode: number): Promise<void> {
  const file = await open(path, 'wx', mode);
  try {
    // open() takes the umask off the mode; chmod does not.
    await file.chmod(mode);
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** A rename is on the disk when its folder is. */
async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

async function modeOf(path: string): Promise<number> {
  try {
    return (await stat(path)).mode & 0o7777;
  } catch (error) {
    if (isAbsent(error)) return NEW_FILE_MODE;
    throw error;
  }
}

function isAbsent(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === 'ENOENT';
}
