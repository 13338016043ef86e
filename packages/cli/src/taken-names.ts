import { containerName } from './cluster.ts';
import { clusterFlag } from './common-options.ts';
import type { EngineContainer, EngineNetwork } from './engine.ts';
import { CliError } from './errors.ts';
import { CLUSTER_LABEL } from './labels.ts';
import { createdBy, type Step } from './plan.ts';

/**
 * Refuses a plan that would need a name that something outside the cluster has.
 *
 * @throws CliError `NAME_TAKEN`
 */
export function checkNames(
  cluster: string,
  steps: readonly Step[],
  all: readonly EngineContainer[],
  network: EngineNetwork | undefined,
): void {
  if (network && network.labels[CLUSTER_LABEL] !== cluster) {
    throw new CliError('NAME_TAKEN', `a network named "${cluster}" is there already and is not Rollcall's`, {
      advice: `Choose another name for the cluster${exampleOf(cluster)}.`,
    });
  }
  for (const { node } of steps.flatMap(createdBy)) {
    const name = containerName(cluster, node);
    const holder = all.find((each) => each.name === name && each.labels[CLUSTER_LABEL] !== cluster);
    if (!holder) continue;
    const { state, labels } = holder;
    const whose = labels[CLUSTER_LABEL] ? `the cluster "${labels[CLUSTER_LABEL]}"` : 'no cluster';
    throw new CliError('NAME_TAKEN', `the name "${name}" is taken by a container (${state}) of ${whose}`, {
      advice: `Remove or rename it, or choose another name for the cluster${exampleOf(cluster)}.`,
    });
  }
}

const exampleOf = (cluster: string) => `, such as${clusterFlag(`${cluster}2`)}`;
