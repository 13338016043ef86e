import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { compile } from './compile.ts';
import { SupervisionError } from './errors.ts';
import type { Service } from './service.ts';

/**
 * Writes the scan directory of these services; a former one is replaced.
 *
 * @param dir absolute path
 * @throws SupervisionError `SERVICE_REPEATED`, `STOP_TOO_LONG`, `SCANDIR_NOT_WRITTEN`
 */
export async function compileScandir(services: readonly Service[], dir: string): Promise<void> {
  const files = compile(services);
  try {
    await rm(dir, { recursive: true, force: true });
    for (const [path, { content, mode }] of files) {
      await mkdir(dirname(join(dir, path)), { recursive: true });
      await writeFile(join(dir, path), content, { mode });
    }
  } catch (cause) {
    throw new SupervisionError('SCANDIR_NOT_WRITTEN', `The scan directory ${dir} could not be written`, {
      cause,
    });
  }
}
