import type { Balancer, ClusterNode } from '@rollcall/testkit';
import { type Passage, passageOf } from './account/passage.ts';
import type { Window } from './account/window.ts';

/** Reads the logs for how each of the nodes came into rotation; after the load, as to read them takes time. */
export async function readPassages(
  joins: readonly Window[],
  nodes: readonly ClusterNode[],
  balancers: readonly Balancer[],
): Promise<Passage[]> {
  const balancerLogs = await Promise.all(balancers.map(({ container }) => container.logsJson('handler')));
  const passages: Passage[] = [];
  for (const join of joins) {
    const container = nodes.find(({ name }) => name === join.node)?.container;
    if (!container) continue;
    const startedAt = Date.parse((await container.inspect()).State.StartedAt);
    const log = await container.logsJson('handler');
    const passage = passageOf({ join, startedAt, log, balancerLogs });
    if (passage) passages.push(passage);
  }
  return passages;
}
