import { readFile, writeFile } from 'node:fs/promises';

const LIMIT = 'net.ipv4.neigh.default.gc_thresh3';
const FILE = `/proc/sys/${LIMIT.replaceAll('.', '/')}`;

/**
 * Linux keeps one table of neighbours for all containers of a machine, with 1,024 entries by default, and refuses
 * connections to further ones. Nodes that gossip come to know each other, so `n` of them need about `n * n` entries.
 *
 * @returns sets the limit back; where it is not Linux that runs the containers itself, it is left alone
 * @throws Error when the table is too small and this process may not enlarge it
 */
export async function makeRoomForNeighbours(nodes: number): Promise<() => Promise<void>> {
  const before = await readFile(FILE, 'utf8').catch(() => undefined);
  const needed = 2 * nodes * nodes;
  if (before === undefined || Number(before) >= needed) return async () => {};
  try {
    await writeFile(FILE, String(needed));
  } catch (cause) {
    throw new Error(
      `${nodes} nodes on one machine need room for ${needed} neighbours, and ${LIMIT} is ${before.trim()}: ` +
        `run "sysctl -w ${LIMIT}=${needed}" as root.`,
      { cause },
    );
  }
  return () => writeFile(FILE, before);
}
