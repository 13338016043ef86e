import { type FoundContainer, isLive } from './cluster.ts';
import type { Engine } from './engine.ts';
import { readStatuses } from './node-status.ts';
import { type Overview, overviewOf } from './overview.ts';

/** Puts together what the engine runs of a cluster and what its nodes say. */
export async function look(
  engine: Engine,
  cluster: string,
  containers: readonly FoundContainer[],
): Promise<Overview> {
  const ended = containers.filter((each) => !isLive(each) && each.state !== 'created');
  const exitCodes = ended.map(async ({ id, node }) => [node, (await engine.life(id)).exitCode] as const);
  return overviewOf(cluster, {
    containers,
    exitCodes: new Map(await Promise.all(exitCodes)),
    statuses: await readStatuses(engine, containers.filter(isLive)),
  });
}
