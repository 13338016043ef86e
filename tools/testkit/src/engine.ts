import { fileURLToPath } from 'node:url';
import { connectEngine, type Engine } from '@rollcall/engine';

const workspace = fileURLToPath(new URL('../../..', import.meta.url));

/** The engine that DOCKER_HOST names, else the one that this workspace uses. */
export async function engineForTests(): Promise<Engine> {
  return await connectEngine({ workspace });
}
