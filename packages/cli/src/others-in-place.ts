import { isLive } from './cluster.ts';
import { containersOf } from './labels.ts';
import { type ReadStatus, readStatuses } from './node-status.ts';
import type { Step } from './plan.ts';
import { untilInPlace, type Waiting } from './ready.ts';

/**
 * Waits for balancers and nodes that the steps had nothing to do with, as anything may have happened to them since they
 * came: all but those that were drained on purpose, and sidecars, whose apps are the user's own.
 *
 * @param services whose nodes are waited for
 * @throws CliError as `untilInPlace`
 */
export async function untilOthersInPlace(
  steps: readonly Step[],
  services: readonly string[],
  waiting: Waiting,
): Promise<void> {
  const brought = steps.flatMap((step) => (step.do === 'bring' ? [...step.create, ...step.start] : []));
  const names = new Set(brought.map(({ node }) => node));
  const { engine, cluster } = waiting;
  const live = containersOf(cluster, await engine.containers()).filter(isLive);
  const others = live.filter(
    ({ node, service, spec }) =>
      !names.has(node) && spec?.app === undefined && (service === undefined || services.includes(service)),
  );
  const statuses = await readStatuses(engine, others);
  const meantToServe = others.map(({ node }) => node).filter((node) => !isDrained(statuses.get(node)));
  await untilInPlace(meantToServe, waiting);
}

function isDrained(status: ReadStatus | undefined): boolean {
  return status?.phase === 'draining' || status?.phase === 'drained';
}
