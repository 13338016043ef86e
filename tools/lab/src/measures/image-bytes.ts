import type { Docker } from '@rollcall/engine';

/** What dockerode has and its types do not tell. */
interface WithGetImages {
  getImages(options: { names: readonly string[] }): Promise<NodeJS.ReadableStream>;
}

/**
 * Bytes of all layers of these images, before compression; a layer that several have counts once. Told by the archive
 * that `docker save` makes of them.
 */
export async function bytesOf(docker: Docker, images: readonly string[]): Promise<number> {
  const archive = await (docker as Docker & WithGetImages).getImages({ names: images });
  let total = 0;
  for await (const chunk of archive) total += chunk.length;
  return total;
}
