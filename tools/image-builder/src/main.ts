/** `node dist/main.js images/<name>`, in the workspace's root: makes sure that the engine has this image. */
import { resolve } from 'node:path';
import { EngineError, ensureEngine } from '@rollcall/engine';
import { buildImageProject } from './build-image-project.ts';
import { ImageBuilderError } from './errors.ts';

const say = (line: string) => process.stdout.write(`${line}\n`);

try {
  const started = performance.now();
  const engine = await ensureEngine({ workspace: process.cwd(), progress: say });
  const folder = resolve(process.argv[2] ?? '.');
  const { tag, size, built } = await buildImageProject(engine, folder, { progress: say });
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  say(`${tag} ${built ? `built in ${seconds} s` : 'is up to date'}, ${Math.round(size / 1e6)} MB`);
} catch (error) {
  if (!(error instanceof EngineError) && !(error instanceof ImageBuilderError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
