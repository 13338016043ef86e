import { execFile } from 'node:child_process';
import { appendFile, cp, mkdir, readdir, readFile, rename, symlink, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import type { Stage } from '@rollcall/testkit';
import { WORKSPACE } from '../places.ts';

/** What it takes to build the images. */
const PROJECTS = ['packages', 'images', 'tools/workspace', 'tools/engine', 'tools/image-builder'];
const FILES = ['package.json', 'package-lock.json', 'nx.json', 'tsconfig.json', 'tsconfig.base.json'];
/** Made by builds and tests, or by npm. */
const NOT_COPIED = ['dist', 'node_modules'];
const BUILD_LIMIT_MS = 1_200_000;

export interface CopyOptions {
  /** As `DOCKER_HOST`. */
  readonly host: string;
  /** Whether what Dockerfiles run is to differ from all that the engine remembers. */
  readonly cold: boolean;
}

/**
 * A copy of the workspace that nothing has been built in. Its images have names of their own, so that building them leaves
 * the real ones alone, and go with the stage.
 */
export class WorkspaceCopy {
  /** Tags of all images, by their names in the workspace, such as `base`. */
  readonly images: ReadonlyMap<string, string>;
  readonly #folder: string;
  readonly #stage: Stage;
  readonly #host: string;

  static async make(stage: Stage, { host, cold }: CopyOptions): Promise<WorkspaceCopy> {
    const names = await readdir(join(WORKSPACE, 'images'));
    const copy = new WorkspaceCopy(stage, await stage.folder(), names, host);
    const filter = (source: string) => !NOT_COPIED.includes(basename(source));
    for (const path of [...PROJECTS, ...FILES]) {
      await cp(join(WORKSPACE, path), join(copy.#folder, path), { recursive: true, filter });
    }
    await copy.#rename(cold);
    await copy.#install();
    return copy;
  }

  private constructor(stage: Stage, folder: string, names: readonly string[], host: string) {
    this.#stage = stage;
    this.#folder = folder;
    this.#host = host;
    this.images = new Map(names.map((name) => [name, `rollcall/${stage.id}-${name}`]));
    for (const tag of this.images.values()) stage.ownImage(tag);
  }

  /** Has all images as the files are now, as anyone would: by Nx. @throws Error with what it printed */
  async build(): Promise<void> {
    // A run of Nx around this one must not be taken for this one's.
    const own = Object.entries(process.env).filter(([name]) => !/^(NX_|npm_|FORCE_COLOR)/.test(name));
    await promisify(execFile)(
      join(this.#folder, 'node_modules/.bin/nx'),
      ['run-many', '-t', 'build', '-p', 'images/*'],
      {
        cwd: this.#folder,
        env: { ...Object.fromEntries(own), NX_DAEMON: 'false', NX_TUI: 'false', DOCKER_HOST: this.#host },
        timeout: BUILD_LIMIT_MS,
        maxBuffer: 100_000_000,
      },
    ).catch((error: Error & { stdout?: string; stderr?: string }) => {
      throw new Error(`The build of the copy failed: ${error.stdout?.slice(-4_000)}${error.stderr}`, {
        cause: error,
      });
    });
  }

  /** Changes what is in a package's bundle. */
  async editPackage(name: string): Promise<void> {
    await appendFile(
      join(this.#folder, 'packages', name, 'src/index.ts'),
      `\nexport const edit = '${this.#stage.id}';\n`,
    );
  }

  /** Has the base image run a command before anything else. */
  async runInBase(command: string): Promise<void> {
    const path = join(this.#folder, 'images', `${this.#stage.id}-base`, 'Dockerfile');
    const text = await readFile(path, 'utf8');
    await writeFile(
      path,
      text.replace(/^FROM .*$/m, (line) => `${line}\nRUN ${command}`),
    );
  }

  /** Every image gets a name of its own: as a package, as a folder and in Dockerfiles. */
  async #rename(cold: boolean): Promise<void> {
    const { id, labels } = this.#stage;
    const any = [...this.images.keys()].join('|');
    const ownLabels = Object.entries(labels).map(
      ([key, value]) => `${JSON.stringify(key)}=${JSON.stringify(value)}`,
    );
    for (const path of await readdir(this.#folder, { recursive: true })) {
      const file = join(this.#folder, path);
      if (basename(path) === 'package.json') {
        const text = await readFile(file, 'utf8');
        await writeFile(
          file,
          text.replaceAll(new RegExp(`@rollcall/(${any})-image`, 'g'), `@rollcall/${id}-$1-image`),
        );
      }
      if (basename(path) === 'Dockerfile') {
        const text = await readFile(file, 'utf8');
        const renamed = text.replaceAll(
          new RegExp(`(FROM |--from=)rollcall/(${any})\\b`, 'g'),
          `$1rollcall/${id}-$2`,
        );
        const salted = cold ? renamed.replaceAll(/^RUN /gm, `RUN : ${id}; `) : renamed;
        await writeFile(file, `${salted}\nLABEL ${ownLabels.join(' ')}\n`);
      }
    }
    for (const name of this.images.keys()) {
      await rename(join(this.#folder, 'images', name), join(this.#folder, 'images', `${id}-${name}`));
    }
  }

  /** What npm has installed in the workspace, with the copy's own projects in place of the workspace's. */
  async #install(): Promise<void> {
    const modules = join(this.#folder, 'node_modules');
    await mkdir(join(modules, '@rollcall'), { recursive: true });
    for (const entry of await readdir(join(WORKSPACE, 'node_modules'))) {
      if (entry === '@rollcall' || (entry.startsWith('.') && entry !== '.bin')) continue;
      await symlink(join(WORKSPACE, 'node_modules', entry), join(modules, entry));
    }
    for (const group of ['packages', 'images', 'tools']) {
      for (const name of await readdir(join(this.#folder, group))) {
        const folder = join(this.#folder, group, name);
        const manifest = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
        await symlink(folder, join(modules, manifest.name));
      }
    }
  }
}
