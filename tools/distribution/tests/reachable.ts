import { readFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';

const relativeImport = /(?:from|import|path=)\s*\(?\s*['"](\.{1,2}\/[^'"]+)['"]/g;

/**
 * The sources that a package's entry points need, by their relative imports.
 *
 * @param src the package's `src`
 * @returns paths from `src`
 */
export async function reachableSources(src: string): Promise<string[]> {
  const seen = new Set<string>();
  const visit = async (path: string): Promise<void> => {
    if (seen.has(path)) return;
    const text = await readFile(path, 'utf8').catch((error) => {
      if (error.code === 'ENOENT') return undefined;
      throw error;
    });
    if (text === undefined) return;
    seen.add(path);
    for (const [, target = ''] of text.matchAll(relativeImport)) await visit(join(dirname(path), target));
  };
  for (const entry of ['index.ts', 'main.ts', 'compile.ts', 'collect.ts']) await visit(join(src, entry));
  return [...seen].map((path) => relative(src, path)).sort();
}
