import { type NodeFile, writeNodeFiles } from './node-file.ts';
import { addressTowards, ownAddresses, requireFree } from './own-network.ts';
import type { Settings } from './settings.ts';

/**
 * Lays down who this node is, and what its agent starts with, for one start of the container.
 *
 * @throws HandlerError `BAD_CONFIGURATION`, `NOT_PREPARED`
 */
export async function prepare(config: Settings): Promise<NodeFile> {
  await requireFree(config.gossipPort);
  return writeNodeFiles({ ...config, advertise: config.advertise ?? (await ownAddress(config.join)) });
}

async function ownAddress(seeds: readonly string[]): Promise<string | undefined> {
  const [own, ...more] = ownAddresses();
  if (more.length === 0) return own;
  return await addressTowards(seeds, () => {
    const msg = `several networks: waiting until ${seeds.join(', ')} (ROLLCALL_JOIN) tells in which the others are; ROLLCALL_ADVERTISE says it at once`;
    process.stdout.write(`${JSON.stringify({ level: 'info', service: 'handler', msg })}\n`);
  });
}
