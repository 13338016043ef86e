import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { buildImage, type ContextFile, connectEngine } from '@rollcall/engine';
import type { Stage } from '@rollcall/testkit';
import { TOOL, WORKSPACE } from '../places.ts';

/** Builds the image that shows how not to do it. @returns its reference */
export async function naiveImage(stage: Stage): Promise<string> {
  const reference = `${stage.id}-naive`;
  stage.ownImage(reference);
  const engine = await connectEngine({ workspace: WORKSPACE });
  await buildImage(engine, {
    context: await naiveContext(),
    dockerfile: 'naive/Dockerfile',
    tags: [reference],
    labels: stage.labels,
    onLine: () => {},
  });
  return reference;
}

async function naiveContext(): Promise<Map<string, ContextFile>> {
  const entries = await readdir(join(TOOL, 'naive'), { withFileTypes: true, recursive: true });
  const files = await Promise.all(
    entries
      .filter((entry) => entry.isFile())
      .map(async (entry): Promise<[string, ContextFile]> => {
        const path = join(entry.parentPath, entry.name);
        const executable = ((await stat(path)).mode & 0o100) !== 0;
        const file = { content: await readFile(path), mode: executable ? 0o755 : 0o644 };
        return [path.slice(TOOL.length + 1), file];
      }),
  );
  return new Map(files);
}
