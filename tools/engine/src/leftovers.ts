import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { EngineError } from './errors.ts';
import type { Identity } from './identity.ts';
import { unmountBelow } from './mounts.ts';
import { removeNetwork } from './network.ts';
import { killAll, listProcesses, processesOf } from './processes.ts';

const killLimitMs = 30_000;

/**
 * Brings a private engine that stopped or died to a clean stop: no process, mount, socket, pid file, network
 * namespace, bridge or rule of it is left. Its images, containers and networks stay, in the data root; dockerd makes
 * the rest anew.
 * @throws EngineError REMOVE_FAILED where something would not go.
 */
export async function cleanLeftovers(identity: Identity, pool: string | undefined): Promise<void> {
  const containerIds = new Set(await readdir(join(identity.dataRoot, 'containers')).catch(() => []));
  const ours = async () => processesOf(identity, pool, containerIds, await listProcesses());
  if (!(await killAll(ours, killLimitMs))) {
    const pids = (await ours()).join(', ');
    throw new EngineError('REMOVE_FAILED', `Processes of the private engine outlive SIGKILL: ${pids}.`);
  }
  const mounted = [
    ...(await unmountBelow(identity.runDirectory)),
    ...(await unmountBelow(identity.directory)),
  ];
  if (mounted.length > 0) {
    throw new EngineError(
      'REMOVE_FAILED',
      `These mounts of the private engine cannot be unmounted: ${mounted.join(', ')}. Nothing below them was deleted. ` +
        'Find out who uses them (`fuser -vm PATH`), end that and try again.',
    );
  }
  await removeNetwork(identity, pool);
  await rm(identity.runDirectory, { recursive: true, force: true });
}
