import type { Docker } from '@rollcall/engine';
import { ignoreStatus } from './container.ts';
import { removeLeftFolders } from './folders.ts';
import { OWNER_LABEL } from './labels.ts';
import { isGone } from './owner.ts';

/** Removes what test runs that died have left on the engine and on this machine. */
export async function removeLeftovers(docker: Docker): Promise<void> {
  const filters = { label: [OWNER_LABEL] };
  for (const { Id } of left(await docker.listContainers({ all: true, filters }))) {
    // 409: another test run is removing it at this moment.
    await docker.getContainer(Id).remove({ force: true, v: true }).catch(ignoreStatus(404, 409));
  }
  for (const { Id } of left(await docker.listNetworks({ filters }))) {
    // 403: a container that is being removed still holds it. The next stage will find it free.
    await docker.getNetwork(Id).remove().catch(ignoreStatus(403, 404));
  }
  for (const { Id } of left(await docker.listImages({ filters }))) {
    await docker.getImage(Id).remove({ force: true }).catch(ignoreStatus(404, 409));
  }
  await removeLeftFolders();
}

function left<T extends { Labels?: Record<string, string> | null | undefined }>(labelled: T[]): T[] {
  return labelled.filter(({ Labels }) => isGone(Labels?.[OWNER_LABEL] ?? ''));
}
