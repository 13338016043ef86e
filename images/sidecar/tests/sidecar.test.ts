import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { isDeepStrictEqual } from 'node:util';
import { type Balancer, Cluster, type TestContainer, until } from '@rollcall/testkit';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { UNAWARE_APP } from './unaware-app.ts';

/** Each test finds the cluster as the one before left it. */
describe('a sidecar', () => {
  let cluster: Cluster;
  let ha: Balancer;
  let app: TestContainer;
  let sidecar: TestContainer;

  const start = (env: Record<string, string>) =>
    cluster.stage.run({
      image: 'rollcall/sidecar',
      network: `container:${app.id}`,
      env: { ROLLCALL_GOSSIP_KEY: cluster.gossipKey, ROLLCALL_DRAIN_SECONDS: '60', ...env },
    });

  /** An answer that has begun and takes some seconds, as the app gives it. */
  async function slowAnswer(): Promise<IncomingMessage | undefined> {
    const [answer] = (await once(get(`${ha.url}/slow`, { agent: false }), 'response')) as [IncomingMessage];
    if (answer.statusCode === 200) return answer;
    answer.resume();
    return undefined;
  }

  /** Waits until the balancer sends requests to these nodes and no others. */
  const untilServing = (...names: string[]) =>
    until(
      `${names.join(', ') || 'nobody'} to serve`,
      async () => (await ha.stats()).filter(({ status }) => status === 'UP').map(({ server }) => server),
      { accept: (serving) => isDeepStrictEqual(serving.sort(), names.sort()) },
    );

  beforeAll(async () => {
    cluster = await Cluster.open('sidecar');
    const image = await cluster.stage.image('app', UNAWARE_APP);
    ha = await cluster.balancer();
    app = await cluster.stage.run({ image, network: cluster.network });
    // Where nobody else is left, a balancer keeps who only fails its own check.
    await cluster.web('s1');
    await untilServing('s1');
  });
  beforeEach(({ onTestFailed }) => {
    onTestFailed(async () => console.log(await ha.container.logs(), await sidecar?.logs()));
  });
  afterAll(() => cluster?.close());

  it('brings an app that knows nothing of it into rotation', async () => {
    sidecar = await start({ ROLLCALL_NODE: 'shop', ROLLCALL_PORT: '80', ROLLCALL_CHECK: '/' });
    await untilServing('s1', 'shop');
    await until('an answer of the app', async () => (await ha.get()).text() === 'shop');
  });

  it('takes it out while it does not answer', async () => {
    await app.pause();
    await untilServing('s1');
    await app.unpause();
    await untilServing('s1', 'shop');
  });

  it('says what to do when its gossip port is taken', async () => {
    const other = await start({ ROLLCALL_NODE: 'admin', ROLLCALL_PORT: '81' });
    expect(await other.waitForExit()).toBe(78);
    expect(await other.logs()).toContain('choose another with ROLLCALL_GOSSIP_PORT');
  });

  it('stands beside another for a second port of the app', async () => {
    const other = await start({
      ...{ ROLLCALL_NODE: 'admin', ROLLCALL_PORT: '81' },
      ...{ ROLLCALL_GOSSIP_PORT: '7947', ROLLCALL_JOIN: 'rollcall:7946' },
    });
    await untilServing('admin', 's1', 'shop');
    await other.stop({ timeoutSeconds: 90 });
    await untilServing('s1', 'shop');
  });

  it('ends when the app ends, saying why, and is of use again after it', async () => {
    await app.kill();
    await sidecar.waitForExit();
    expect(await sidecar.logs()).toContain("the app's container has ended");
    await untilServing('s1');
    await app.start();
    await sidecar.start();
    await untilServing('s1', 'shop');
  });

  it('drains when it is stopped, and loses nothing', async () => {
    const slow = text(await until('a slow answer of the app', slowAnswer));
    const seen: string[] = [];
    let isOver = false;
    const load = (async () => {
      while (!isOver) seen.push(await ha.get().then(({ status }) => `status ${status}`, String));
    })();
    await until('requests to come', () => seen.length > 20);
    expect(await sidecar.stop({ timeoutSeconds: 90 })).toBe(0);
    const enough = seen.length + 20;
    await until('more requests', () => seen.length > enough);
    isOver = true;
    await load;
    expect(new Set(seen)).toEqual(new Set(['status 200']));
    expect(await slow).toHaveLength(30_000);
    expect(await sidecar.logs()).toContain('nothing is in flight any more');
    await untilServing('s1');
  });
});
