import { buffer, text } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { extract, pack } from 'tar-stream';

export interface FileInContainer {
  readonly content: string | Buffer;
  /** Permission bits. Default 0o644. */
  readonly mode?: number;
  /** Numeric owner and group. Default 0. */
  readonly uid?: number;
  readonly gid?: number;
}

/** Absolute path in the container -> its content, or content and permissions. */
export type Files = Readonly<Record<string, string | Buffer | FileInContainer>>;

/** A tar archive to be unpacked at `/`. Folders that are missing there are made by the engine. */
export async function archiveOf(files: Files): Promise<Buffer> {
  const archive = pack();
  for (const [path, file] of Object.entries(files)) {
    const { content, mode = 0o644, uid = 0, gid = 0 } = isFile(file) ? file : { content: file };
    archive.entry({ name: path.replace(/^\/+/, ''), mode, uid, gid, mtime: new Date() }, content);
  }
  archive.finalize();
  return await buffer(archive);
}

const isFile = (file: Files[string]): file is FileInContainer =>
  typeof file === 'object' && !Buffer.isBuffer(file);

/** The text of the first file in a tar archive; undefined when it has none. */
export async function firstFileOf(archive: NodeJS.ReadableStream): Promise<string | undefined> {
  let first: string | undefined;
  const unpack = extract();
  unpack.on('entry', (_header, content, next) => {
    text(content).then((read) => {
      first ??= read;
      next();
    }, next);
  });
  await pipeline(archive, unpack);
  return first;
}
