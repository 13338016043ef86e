import { isDeepStrictEqual } from 'node:util';
import { type Balancer, Cluster, until } from '@rollcall/testkit';
import { afterAll, beforeAll, beforeEach } from 'vitest';

/**
 * A cluster for all tests of a file, in the state in which the one before left it.
 *
 * @param start brings up the nodes that the first test finds
 * @returns what `start` returned, for use inside the tests
 */
export function clusterOf<T>(
  name: string,
  start: (cluster: Cluster) => Promise<T>,
): () => T & { cluster: Cluster } {
  let cluster: Cluster;
  let started: T;
  beforeAll(async () => {
    cluster = await Cluster.open(name);
    started = await start(cluster);
  });
  beforeEach(({ onTestFailed }) => {
    onTestFailed(() => showLogs(cluster));
  });
  afterAll(() => cluster?.close());
  return () => ({ ...started, cluster });
}

/** For a node that is stopped under load: on a busy machine the default may not suffice, and then something is cut. */
export const AMPLE_DRAIN = { ROLLCALL_DRAIN_SECONDS: '40' };

/** What each place shows of the nodes behind a balancer. */
async function places(balancer: Balancer) {
  const stats = await balancer.stats();
  return {
    '/nodes': await balancer.registered(),
    'haproxy.cfg': await balancer.configured(),
    'stats page': stats.map(({ server, status }) => `${server} ${status}`).sort(),
  };
}

/** Waits until these nodes, and no others, are in service in every place that shows them, and answer. */
export async function untilInService(balancer: Balancer, nodes: readonly string[]): Promise<void> {
  const names = [...nodes].sort();
  const expected = {
    '/nodes': names,
    'haproxy.cfg': names,
    'stats page': names.map((name) => `${name} UP`),
  };
  const what = `${names.join(', ') || 'no node'} in service on ${balancer.name}`;
  await until(what, () => places(balancer), { accept: (seen) => isDeepStrictEqual(seen, expected) });
  await until(`answers of ${names.join(', ') || 'nobody'}`, () => balancer.answering(names.length), {
    accept: (seen) => isDeepStrictEqual(seen, names),
  });
}

/** The last lines of every node, for whoever reads why a test failed. */
async function showLogs(cluster: Cluster): Promise<void> {
  for (const { name, container } of cluster.nodes) {
    const lines = (await container.logs().catch(String)).trimEnd().split('\n');
    console.log(`--- ${name}\n${lines.slice(-80).join('\n')}`);
  }
}
