import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { buildImage, type Context, type ContextFile, type Engine } from '../src/index.ts';

export const nodeImage = 'rollcall-engine-test/node';

/** An image of nothing but this machine's node and its libraries: it needs neither a registry nor a mirror. */
export async function buildNodeImage(engine: Engine): Promise<void> {
  await buildImage(engine, {
    context: nodeContext(),
    dockerfile: 'Dockerfile',
    tags: [nodeImage],
    labels: {},
    onLine: () => {},
  });
}

function nodeContext(): Context {
  const node = process.execPath;
  const libraries = execFileSync('ldd', [node], { encoding: 'utf8' }).match(/\/\S+(?= \(0x)/g) ?? [];
  const files = libraries.map((path): [string, ContextFile] => [
    `root${path}`,
    { content: readFileSync(path), mode: 0o755 },
  ]);
  return new Map<string, ContextFile>([
    ...files,
    ['root/bin/node', { content: readFileSync(node), mode: 0o755 }],
    ['Dockerfile', { content: 'FROM scratch\nCOPY root /\nENV NODE_OPTIONS=\n' }],
  ]);
}
