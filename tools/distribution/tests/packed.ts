import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

export const workspace = fileURLToPath(new URL('../../..', import.meta.url));

export interface PackedPackage {
  readonly name: string;
  /** The package's folder in the workspace. */
  readonly folder: string;
  /** The tarball's path. */
  readonly tarball: string;
  /** Every path in the tarball, without its leading `package/`. */
  readonly files: readonly string[];
}

/** Runs `npm pack` for every folder in `packages/`; the tarballs lie in `folder`. */
export async function packAll(folder: string): Promise<PackedPackage[]> {
  const packages = (await readdir(join(workspace, 'packages'))).sort();
  const args = ['pack', '--json', '--workspace', 'packages', '--pack-destination', folder];
  const { stdout } = await promisify(execFile)('npm', args, {
    cwd: workspace,
    maxBuffer: 16 * 1024 * 1024,
  });
  // A list until npm 11, an object by name since.
  const packed: { name: string; filename: string; files: { path: string }[] }[] = Object.values(
    JSON.parse(stdout),
  );
  return await Promise.all(
    packages.map(async (directory) => {
      const path = join(workspace, 'packages', directory);
      const { name } = JSON.parse(await readFile(join(path, 'package.json'), 'utf8'));
      const found = packed.find((entry) => entry.name === name);
      if (!found) throw new Error(`npm pack says nothing of ${name}: ${stdout.slice(0, 500)}`);
      const files = found.files.map((file) => file.path).sort();
      return { name, folder: path, tarball: join(folder, found.filename), files };
    }),
  );
}
