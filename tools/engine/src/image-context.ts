import type { Readable } from 'node:stream';
import { pack } from 'tar-stream';

export interface ContextFile {
  content: Buffer | string;
  /** Permission bits; 0o644 where absent. */
  mode?: number;
}

/** A build context: paths relative to its root, with `/` between folders. */
export type Context = ReadonlyMap<string, ContextFile>;

/**
 * The context as a tar archive that depends on nothing but paths, contents and modes: sorted, of root, from 1970. The
 * same sources therefore hit the builder's cache on every machine.
 */
export function contextArchive(context: Context): Readable {
  const archive = pack();
  const sorted = [...context].sort(([a], [b]) => (a < b ? -1 : 1));
  for (const [name, { content, mode = 0o644 }] of sorted) {
    const header = { name, mode, uid: 0, gid: 0, mtime: new Date(0), type: 'file' as const };
    archive.entry(header, Buffer.from(content));
  }
  archive.finalize();
  return archive;
}
