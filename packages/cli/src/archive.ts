import type { Readable } from 'node:stream';
import { buffer, text } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { extract, pack } from 'tar-stream';
import type { FileForContainer } from './engine.ts';

/** A tar archive with one file, to be unpacked at `/`. */
export async function archiveOf({ path, content, mode, owner }: FileForContainer): Promise<Buffer> {
  const archive = pack();
  archive.entry({ name: path.replace(/^\//, ''), mode, uid: owner, gid: owner, mtime: new Date() }, content);
  archive.finalize();
  return await buffer(archive);
}

/** The text of the first file in a tar archive; undefined when it has none. */
export async function firstFileOf(archive: Readable): Promise<string | undefined> {
  let first: string | undefined;
  const unpack = extract();
  unpack.on('entry', (_header: unknown, content: Readable, next: () => void) => {
    // An error of the content is one of the whole archive, which the pipeline reports.
    text(content).then((read) => {
      first ??= read;
      next();
    }, next);
  });
  await pipeline(archive, unpack);
  return first;
}
