import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/**
 * The commit that a folder is at, `-dirty` where the working tree differs from it, as an OCI label; no label outside
 * a git repository.
 */
export async function revisionOf(folder: string): Promise<Record<string, string>> {
  const describe = ['describe', '--always', '--abbrev=40', '--exclude=*', '--dirty'];
  try {
    const { stdout } = await promisify(execFile)('git', describe, { cwd: folder });
    return { 'org.opencontainers.image.revision': stdout.trim() };
  } catch {
    return {};
  }
}
