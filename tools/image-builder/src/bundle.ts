import { readdir } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import type { BuildOptions, OutputFile } from 'esbuild';
import { ImageBuilderError } from './errors.ts';
import type { ContextFile } from './files.ts';
import { readPackageJson } from './image-project.ts';

type Files = Map<string, ContextFile>;

/**
 * A built package as an importable module: its entry points with everything they need from npm inside, and other
 * `@rollcall` packages as imports.
 *
 * @returns `package.json` and `dist/*.js`
 * @throws ImageBuilderError PACKAGE_NOT_BUILT
 */
export async function bundleModule(folder: string): Promise<Files> {
  const { name, version, license } = await readPackageJson(folder);
  const manifest = { name, version, license, type: 'module', exports: './dist/index.js' };
  const entryPoints = await builtEntryPoints(folder, name);
  return new Map([
    ...jsonFile('package.json', manifest),
    ...(await bundle(entryPoints, ['@rollcall/*'], 'dist')),
  ]);
}

/**
 * A built package as the role of an image: one file with all it needs but the `modules` that the image has anyway.
 *
 * @returns `package.json` and `index.js`
 * @throws ImageBuilderError PACKAGE_NOT_BUILT
 */
export async function bundleRole(folder: string, modules: readonly string[]): Promise<Files> {
  const { name, version, license } = await readPackageJson(folder);
  const entryPoints = (await builtEntryPoints(folder, name)).filter((path) => path.endsWith('/index.js'));
  const manifest = { name, version, license, type: 'module' };
  return new Map([...jsonFile('package.json', manifest), ...(await bundle(entryPoints, modules, '.'))]);
}

async function builtEntryPoints(folder: string, name: string): Promise<string[]> {
  const dist = join(folder, 'dist');
  const built = (await readdir(dist).catch(() => [])).filter((file) => file.endsWith('.js')).sort();
  if (built.includes('index.js')) return built.map((file) => join(dist, file));
  throw new ImageBuilderError(
    'PACKAGE_NOT_BUILT',
    `${name} has no dist/index.js. Build it first: npx nx build ${name}`,
  );
}

const requireBanner = `import { createRequire as createRequireForBundle } from 'node:module';
const require = createRequireForBundle(import.meta.url);`;

async function bundle(entryPoints: string[], external: readonly string[], outdir: string): Promise<Files> {
  // Only loaded where something is bundled: an image without modules or a role needs none of it.
  const { build } = await import('esbuild');
  const { outputFiles } = await build(optionsFor(entryPoints, external));
  return new Map(outputFiles.map((file) => [join(outdir, relative('/', file.path)), plainFile(file)]));
}

/**
 * What a built package brings into an image when it is bundled: every file that is inside its bundle.
 *
 * @param external what stays an import
 * @returns absolute paths
 * @throws ImageBuilderError PACKAGE_NOT_BUILT
 */
export async function filesInside(folder: string, external: readonly string[]): Promise<string[]> {
  const { name } = await readPackageJson(folder);
  const options = optionsFor(await builtEntryPoints(folder, name), external);
  const { build } = await import('esbuild');
  const { metafile } = await build({ ...options, metafile: true });
  return Object.keys(metafile.inputs).map((path) => resolve(options.absWorkingDir, path));
}

function optionsFor(entryPoints: string[], external: readonly string[]) {
  return {
    // Paths in the output's comments are relative to it: they must not tell where the workspace lies.
    absWorkingDir: dirname(entryPoints[0] ?? '/'),
    entryPoints,
    external: [...external],
    outdir: '/',
    chunkNames: 'chunks/[name]-[hash]',
    write: false,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    // What CommonJS packages call; an ES module has none of its own.
    banner: { js: requireBanner },
    logLevel: 'warning',
  } as const satisfies BuildOptions;
}

function plainFile({ contents }: Pick<OutputFile, 'contents'>): ContextFile {
  return { content: Buffer.from(contents), mode: 0o644 };
}

function jsonFile(path: string, value: unknown): Files {
  return new Map([[path, plainFile({ contents: Buffer.from(`${JSON.stringify(value, undefined, 2)}\n`) })]]);
}
