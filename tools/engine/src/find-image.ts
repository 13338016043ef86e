import type { Engine } from './find.ts';

export interface ImageFound {
  id: string;
  /** Bytes, shared layers included. */
  size: number;
  labels: Record<string, string>;
  /** Absent where the engine does not record it, as for images made by BuildKit. */
  parentId?: string;
}

/** The image of this tag (or id), or undefined where the engine has none. */
export async function findImage(engine: Engine, tag: string): Promise<ImageFound | undefined> {
  try {
    const { Id, Size, Config, Parent } = await engine.docker.getImage(tag).inspect();
    return { id: Id, size: Size, labels: Config?.Labels ?? {}, ...(Parent ? { parentId: Parent } : {}) };
  } catch (error) {
    if (error instanceof Error && 'statusCode' in error && error.statusCode === 404) return undefined;
    throw error;
  }
}
