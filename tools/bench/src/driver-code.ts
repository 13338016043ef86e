import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

/** A program of this package as one file, to be run by node in a container. */
export async function driverCode(name: 'change-driver' | 'crew-driver'): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(import.meta.resolve(`@rollcall/bench/${name}`))],
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    write: false,
  });
  return outputFiles[0]?.text ?? '';
}
