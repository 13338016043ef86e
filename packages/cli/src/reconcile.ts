import { apply } from './apply.ts';
import type { FoundContainer } from './cluster.ts';
import type { EngineContainer } from './engine.ts';
import { clusterKey } from './gossip-key.ts';
import { CLUSTER_LABEL } from './labels.ts';
import { plan, type Step, type WantedCluster } from './plan.ts';
import type { Waiting } from './ready.ts';
import { checkNames } from './taken-names.ts';

/** A cluster as it was found, and what it is changed with. */
export interface Reconciling extends Waiting {
  /** All that the engine has. */
  readonly all: readonly EngineContainer[];
  /** The cluster's. */
  readonly containers: readonly FoundContainer[];
}

/**
 * Brings a cluster from what it is to what is wanted.
 *
 * @returns the steps that were needed; none when all was as wanted
 * @throws CliError before anything is changed where a name is taken; else as `apply`
 */
export async function reconcile(wanted: WantedCluster, found: Reconciling): Promise<Step[]> {
  const { engine, cluster, containers, all } = found;
  const steps = plan(containers, wanted);
  const network = await engine.network(cluster);
  checkNames(cluster, steps, all, network);
  if (!network) await engine.createNetwork(cluster, { [CLUSTER_LABEL]: cluster });
  await apply(steps, { ...found, key: await clusterKey(engine, containers) });
  return steps;
}
