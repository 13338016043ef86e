import { mkdir, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { dirname, join } from 'node:path';

/** The folder that the lab writes to: what it was given, without what tells of this machine. */
export class Notebook {
  readonly folder: string;
  readonly #hidden: readonly (readonly [text: string, placeholder: string])[];

  /** @param hidden further texts of this machine -> what is written in their place; longer ones first */
  static async open(folder: string, hidden: Readonly<Record<string, string>>): Promise<Notebook> {
    await rm(folder, { recursive: true, force: true });
    await mkdir(folder, { recursive: true });
    return new Notebook(folder, hidden);
  }

  private constructor(folder: string, hidden: Readonly<Record<string, string>>) {
    this.folder = folder;
    this.#hidden = [...Object.entries(hidden), [`@${hostname()}`, '@this-machine']];
  }

  async write(path: string, content: string | Buffer): Promise<void> {
    const file = join(this.folder, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, typeof content === 'string' ? this.#withoutTraces(content) : content);
  }

  #withoutTraces(text: string): string {
    return this.#hidden.reduce((left, [trace, placeholder]) => left.replaceAll(trace, placeholder), text);
  }
}

/** Every file in a folder and those in it, with `/` -> its size in bytes. */
export async function filesIn(folder: string): Promise<Map<string, number>> {
  const files = new Map<string, number>();
  for (const entry of await readdir(folder, { withFileTypes: true, recursive: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    files.set(path.slice(folder.length + 1), (await stat(path)).size);
  }
  return files;
}
