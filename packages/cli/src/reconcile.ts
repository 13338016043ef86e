import { apply } from './apply.ts';
import type { FoundContainer } from './cluster.ts';
import type { Engine, EngineContainer } from './engine.ts';
import { clusterKey } from './gossip-key.ts';
import type { Host } from './host.ts';
import { CLUSTER_LABEL } from './labels.ts';
import { plan, type Step, type WantedCluster } from './plan.ts';
import { Progress } from './progress.ts';
import { checkNames } from './taken-names.ts';

export interface Reconciling {
  readonly engine: Engine;
  readonly cluster: string;
  readonly all: readonly EngineContainer[];
  readonly containers: readonly FoundContainer[];
  readonly readyLimitSeconds: number;
}

/**
 * Brings a cluster from what it is to what is wanted.
 *
 * @returns the steps that were needed; none when all was as wanted
 * @throws CliError before anything is changed where a name is taken; else as `apply`
 */
export async function reconcile(wanted: WantedCluster, what: Reconciling, host: Host): Promise<Step[]> {
  const { engine, cluster, containers, all, readyLimitSeconds } = what;
  const steps = plan(containers, wanted);
  const network = await engine.network(cluster);
  checkNames(cluster, steps, all, network);
  if (!network) await engine.createNetwork(cluster, { [CLUSTER_LABEL]: cluster });
  const progress = new Progress(host.stderr);
  const key = await clusterKey(engine, containers);
  const readyLimitMs = readyLimitSeconds * 1000;
  try {
    await apply(steps, { engine, cluster, key, progress, readyLimitMs, signal: host.signal });
  } finally {
    progress.end();
  }
  return steps;
}
