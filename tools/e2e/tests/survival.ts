import { type Balancer, type ClusterNode, until } from '@rollcall/testkit';
import { untilInService } from './cluster.ts';

/** Waits until a balancer and its nodes all see each other, and every node is in service. */
export async function untilHealed(balancer: Balancer, nodes: readonly ClusterNode[]): Promise<void> {
  const all = [balancer, ...nodes];
  for (const node of all) await untilSeen(node, all, 'alive');
  await untilInService(
    balancer,
    nodes.map(({ name }) => name),
  );
}

/** A busy agent takes up to eight times as long as usual to find out, and tries one that failed every 5 s only. */
const SEEN_LIMIT_MS = 100_000;

/** Waits until a node sees each of these others so. */
export async function untilSeen(
  node: ClusterNode,
  others: readonly ClusterNode[],
  status: 'alive' | 'failed',
): Promise<void> {
  const names = others.map(({ name }) => name);
  await until(`${names.join(', ')} ${status} for ${node.name}`, () => node.status(), {
    limitMs: SEEN_LIMIT_MS,
    accept: (seen) =>
      names.every((name) => seen?.members.some((member) => member.name === name && member.status === status)),
  });
}

/** Every end of a service in the whole life of these nodes: what a crash loop consists of. */
export async function deaths(nodes: readonly ClusterNode[]): Promise<string[]> {
  const logs = await Promise.all(nodes.map(({ container }) => container.logs()));
  return logs.flatMap((log) =>
    log.split('\n').filter((line) => /ended (by signal|with exit code) \d+/.test(line)),
  );
}
