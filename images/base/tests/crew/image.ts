import { readFileSync } from 'node:fs';
import type { Stage } from '@rollcall/testkit';

const read = (file: string) => readFileSync(new URL(file, import.meta.url), 'utf8');

/** What the service `worded` is given. */
export interface Worded {
  readonly words: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
}

/**
 * An image with the role of this folder, made from `rollcall/base` as every role's image is: the role is copied, then
 * its services are compiled.
 *
 * @returns the image's name
 */
export async function crewImage(stage: Stage, worded: Worded): Promise<string> {
  const container = await stage.run({
    image: 'rollcall/base',
    user: '0',
    cmd: ['node', '/opt/rollcall/node_modules/@rollcall/handler/dist/compile.js'],
    files: {
      '/opt/rollcall/role/index.js': read('role.js'),
      '/opt/crew/member.js': read('member.js'),
      '/opt/crew/words.json': JSON.stringify(worded),
    },
  });
  if ((await container.waitForExit()) !== 0) throw new Error(await container.logs());
  stage.ownImage(stage.id);
  const labels = Object.entries(stage.labels).map(([key, value]) => `LABEL ${key}=${value}`);
  const made = stage.docker.getContainer(container.id) as unknown as Committable;
  await made.commit({ repo: stage.id, changes: ['USER 7373:7373', 'CMD []', ...labels].join('\n') });
  return stage.id;
}

/** A call of the Engine API that its client knows and its types do not tell. */
interface Committable {
  commit(options: { readonly repo: string; readonly changes: string }): Promise<unknown>;
}
