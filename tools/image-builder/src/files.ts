import { readdir, readFile, stat } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';

export interface ContextFile {
  content: Buffer;
  /** Permission bits: 0o755 or 0o644. Git keeps no other difference, and the umask of a clone is no input. */
  mode: number;
}

/** All files below `folder` by their path in it; none where there is no such folder. */
export async function readFiles(folder: string): Promise<Map<string, ContextFile>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch((error) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  const paths = entries
    .filter((entry) => !entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name));
  return new Map(
    await Promise.all(
      paths.map(async (path): Promise<[string, ContextFile]> => {
        const [content, { mode }] = await Promise.all([readFile(path), stat(path)]);
        return [relative(folder, path).split(sep).join('/'), { content, mode: mode & 0o100 ? 0o755 : 0o644 }];
      }),
    ),
  );
}
