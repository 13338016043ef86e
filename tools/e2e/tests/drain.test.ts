import { type Balancer, type ClusterNode, request, until } from '@rollcall/testkit';
import { describe, expect, it } from 'vitest';
import { AMPLE_DRAIN, clusterOf, untilInService } from './cluster.ts';
import { expectLossless, loadWhile } from './load.ts';

const running = clusterOf('drain', async (cluster) => {
  const [ha, ha2] = await Promise.all([cluster.balancer('ha'), cluster.balancer('ha2'), cluster.web('s1')]);
  for (const each of [ha, ha2]) await untilInService(each, ['s1']);
  return { ha, ha2 };
});

/** Adds a node beside s1, which stays through all tests. */
async function addNode(name: string, env: Record<string, string> = {}) {
  const { cluster, ha, ha2 } = running();
  const node = await cluster.web(name, { env: { ...AMPLE_DRAIN, ...env } });
  for (const each of [ha, ha2]) await untilInService(each, ['s1', name]);
  return node;
}

/** A cookie that leads to this node. */
async function cookieFor(balancer: Balancer, node: string): Promise<string> {
  return await until(`a cookie of ${node}`, async () => {
    const answer = await balancer.get();
    if (answer.json<{ host: string }>().host !== node) return undefined;
    return answer.headers['set-cookie']?.map((cookie) => cookie.split(';')[0]).join('; ');
  });
}

/** Requests that a balancer has under way to a node. */
async function untilUnderWay(balancer: Balancer, node: string, count: number): Promise<void> {
  await until(`${count} requests under way to ${node}`, async () => {
    const stats = (await balancer.stats()).find(({ server }) => server === node);
    return (stats?.current ?? 0) >= count;
  });
}

/** What a node told of requests that it had to cut, by balancer. */
async function cutAt(node: ClusterNode): Promise<unknown[]> {
  return (await node.container.logsJson('handler')).flatMap(({ cut }) => cut ?? []);
}

describe('docker stop of a node', () => {
  it('lets slow answers, uploads, events and websockets end, for every balancer', async () => {
    const { ha, ha2 } = running();
    const s2 = await addNode('s2');
    const long = { slow: 1, upload: 1, events: 1, websocket: 1 };
    const records = await loadWhile(
      [ha, ha2],
      async () => {
        await untilUnderWay(ha, 's2', 2);
        expect(await s2.container.stop()).toBe(0);
      },
      { mix: long },
    );

    expectLossless(records);
    const log = await s2.container.logsJson('handler');
    const confirmed = log.filter(({ msg }) => msg === 'a balancer has nothing in flight');
    expect(confirmed.map(({ balancer }) => balancer).sort()).toEqual(['ha', 'ha2']);
    expect(log.map(({ msg }) => msg)).toContain('nothing is in flight any more');
  });

  it('ends without waiting for its budget when nothing is in flight', async () => {
    const s2 = await addNode('s2', { ROLLCALL_DRAIN_SECONDS: '3600' });
    expect(await s2.container.stop({ timeoutSeconds: 3_600 })).toBe(0);
    expect((await s2.container.logsJson('handler')).map(({ msg }) => msg)).toContain(
      'nothing is in flight any more',
    );
  });

  it('moves clients with a cookie on to another node', async () => {
    const { ha } = running();
    const s2 = await addNode('s2');
    const cookie = await cookieFor(ha, 's2');
    expect((await ha.get('/', { headers: { cookie } })).json()).toMatchObject({ host: 's2' });

    const records = await loadWhile([ha], () => s2.container.stop(), { mix: { sticky: 1 } });

    expectLossless(records);
    expect((await ha.get('/', { headers: { cookie } })).json()).toMatchObject({ host: 's1' });
  });

  it('cuts what is not done when the budget is over, and says what it was', async () => {
    const { ha } = running();
    const s2 = await addNode('s2', { ROLLCALL_DRAIN_SECONDS: '5' });
    const cookie = await cookieFor(ha, 's2');
    const endless = request(`${ha.url}/events`, { headers: { cookie }, limitMs: 60_000 });
    await untilUnderWay(ha, 's2', 1);

    await s2.container.stop();

    // The demo app ends its streams when it is told to stop.
    expect((await endless).text()).toContain('"host":"s2"');
    expect(await cutAt(s2)).toContainEqual({ node: 'ha', inFlight: 1 });
  });

  it('waits for a balancer that is away only as long as its budget', async () => {
    const { ha, ha2 } = running();
    const s2 = await addNode('s2', { ROLLCALL_DRAIN_SECONDS: '3' });
    const records = await loadWhile([ha], async () => {
      // Not sooner, nor with a longer drain: after 5 s the others may take it for failed, and not wait at all.
      await ha2.container.pause();
      expect(await s2.container.stop()).toBe(0);
    });
    await ha2.container.unpause();

    expectLossless(records);
    expect(await cutAt(s2)).toEqual([{ node: 'ha2', inFlight: 'unknown' }]);
    await untilInService(ha2, ['s1']);
  });
});

it('agrees on cookies between balancers', async () => {
  const { ha, ha2 } = running();
  await addNode('s2');
  for (const node of ['s1', 's2']) {
    const cookie = await cookieFor(ha, node);
    for (const balancer of [ha, ha2]) {
      expect((await balancer.get('/', { headers: { cookie } })).json()).toMatchObject({ host: node });
    }
  }
});
