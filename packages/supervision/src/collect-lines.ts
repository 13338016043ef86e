import { execFile } from 'node:child_process';
import { access, readdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { OPTIONAL } from './compile.ts';
import { SupervisionError } from './errors.ts';
import { LINES } from './log.ts';

const run = promisify(execFile);

/**
 * Has the lines of all services go to a named pipe each rather than to the container's stdout, and the optional
 * services run, one of which is the collector: it reads the pipes. To be called before s6-svscan runs.
 *
 * @param scandir absolute path of the directory that s6-svscan will run on
 * @returns the pipes' paths, by the names of the services
 * @throws SupervisionError `SCANDIR_NOT_WRITTEN`
 */
export async function collectLines(scandir: string): Promise<Record<string, string>> {
  try {
    await bringIn(scandir);
    const pipes: Record<string, string> = {};
    for (const name of await namesIn(scandir)) {
      const dir = join(scandir, name);
      await bringIn(dir);
      if (await isThere(join(dir, 'log'))) pipes[name] = join(dir, LINES);
    }
    await run('mkfifo', ['-m', '600', ...Object.values(pipes)]);
    return pipes;
  } catch (cause) {
    throw new SupervisionError('SCANDIR_NOT_WRITTEN', `${scandir} could not be made to collect lines`, {
      cause,
    });
  }
}

/** What only some containers run takes its place beside the rest. */
async function bringIn(dir: string): Promise<void> {
  const optional = join(dir, OPTIONAL);
  if (!(await isThere(optional))) return;
  for (const name of await readdir(optional)) await rename(join(optional, name), join(dir, name));
}

async function namesIn(scandir: string): Promise<string[]> {
  return (await readdir(scandir)).filter((name) => !name.startsWith('.'));
}

async function isThere(path: string): Promise<boolean> {
  return await access(path).then(
    () => true,
    () => false,
  );
}
