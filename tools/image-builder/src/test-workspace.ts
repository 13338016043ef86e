import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** A folder of packages for tests: each lies where another one's imports find it. */
export class TestWorkspace {
  readonly #folder: string;

  private constructor(folder: string) {
    this.#folder = folder;
  }

  static async make(): Promise<TestWorkspace> {
    return new TestWorkspace(await mkdtemp(join(tmpdir(), 'rollcall-')));
  }

  /** Writes a package's package.json and the given files. @returns its folder */
  async add(
    name: string,
    { dependencies = [], ...manifest }: { dependencies?: string[]; [field: string]: unknown },
    files: Record<string, string> = {},
  ): Promise<string> {
    const packageJson = {
      name,
      version: '1.2.3',
      description: `This is ${name}`,
      license: 'MIT',
      type: 'module',
      dependencies: Object.fromEntries(dependencies.map((dependency) => [dependency, '1.2.3'])),
      ...manifest,
    };
    const folder = this.folderOf(name);
    for (const [path, content] of Object.entries({ 'package.json': JSON.stringify(packageJson), ...files })) {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await writeFile(join(folder, path), content);
    }
    return folder;
  }

  folderOf(name: string): string {
    return join(this.#folder, 'node_modules', name);
  }

  async remove(): Promise<void> {
    await rm(this.#folder, { recursive: true });
  }
}
