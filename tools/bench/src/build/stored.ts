import { type Engine, findImage } from '@rollcall/engine';
import { bytesOf } from '@rollcall/lab';
import type { Stage } from '@rollcall/testkit';

/** Some images as they were at one moment, under tags of their own, so that a later build does not remove them. */
export interface Snapshot {
  readonly tags: readonly string[];
  readonly ids: readonly string[];
  /** Of all layers, each counted once. */
  readonly bytes: number;
  /** Of all images, each with all its layers. */
  readonly sum: number;
}

/** @param name unique in the stage */
export async function snapshot(
  engine: Engine,
  stage: Stage,
  name: string,
  images: readonly string[],
): Promise<Snapshot> {
  const tags: string[] = [];
  const ids: string[] = [];
  let sum = 0;
  for (const [index, image] of images.entries()) {
    const tag = `${stage.id}-${name}-${index}`;
    await engine.docker.getImage(image).tag({ repo: tag });
    stage.ownImage(tag);
    tags.push(tag);
    const found = await findImage(engine, tag);
    ids.push(found?.id ?? '');
    sum += found?.size ?? 0;
  }
  return { tags, ids, sum, bytes: await bytesOf(engine.docker, tags) };
}

/** Bytes of the layers that one who has the first needs to get the second, before compression. */
export async function newBytes(engine: Engine, before: Snapshot, after: Snapshot): Promise<number> {
  if (after.ids.every((id) => before.ids.includes(id))) return 0;
  return (await bytesOf(engine.docker, [...before.tags, ...after.tags])) - before.bytes;
}
