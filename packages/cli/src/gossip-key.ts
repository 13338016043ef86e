import { generateGossipKey } from '@rollcall/membership';
import type { FoundContainer } from './cluster.ts';
import type { Engine, FileForContainer } from './engine.ts';

/** Where every image looks for it. */
const KEY_FILE = '/etc/rollcall/gossip.key';
/** The user of every image. */
const USER = 7373;

/** The key that encrypts a cluster's gossip: the one its containers have, or a new one for a new cluster. */
export async function clusterKey(engine: Engine, containers: readonly FoundContainer[]): Promise<string> {
  for (const { id } of containers) {
    const key = await engine.readFile(id, KEY_FILE);
    if (key) return key.trim();
  }
  return generateGossipKey();
}

export function keyFile(key: string): FileForContainer {
  return { path: KEY_FILE, content: `${key}\n`, mode: 0o400, owner: USER };
}
