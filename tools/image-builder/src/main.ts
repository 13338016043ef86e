/**
 * In the workspace's root:
 * - `node dist/main.js images/<name>` makes sure that the engine has this image.
 * - `node dist/main.js bake` writes what `docker buildx bake` needs.
 * - `node dist/main.js sbom images/<name>` prints what is in this image, as the engine has it, in SPDX.
 */
import { resolve } from 'node:path';
import { connectEngine, EngineError, ensureEngine } from '@rollcall/engine';
import { writeBakeFile } from './bake.ts';
import { billOfMaterials } from './bill-of-materials.ts';
import { buildImageProject } from './build-image-project.ts';
import { ImageBuilderError } from './errors.ts';

const say = (line: string) => process.stdout.write(`${line}\n`);

try {
  const [what = '.', folder = '.'] = process.argv.slice(2);
  if (what === 'bake') say(await writeBakeFile(process.cwd()));
  else if (what === 'sbom')
    say(
      JSON.stringify(
        await billOfMaterials(await connectEngine({ workspace: process.cwd() }), resolve(folder)),
        undefined,
        2,
      ),
    );
  else await build(resolve(what));
} catch (error) {
  if (!(error instanceof EngineError) && !(error instanceof ImageBuilderError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}

async function build(folder: string): Promise<void> {
  const started = performance.now();
  const engine = await ensureEngine({ workspace: process.cwd(), progress: say });
  const { tag, size, built } = await buildImageProject(engine, folder, { progress: say });
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  say(`${tag} ${built ? `built in ${seconds} s` : 'is up to date'}, ${Math.round(size / 1e6)} MB`);
}
