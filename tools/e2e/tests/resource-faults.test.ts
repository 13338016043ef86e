import { type Balancer, until } from '@rollcall/testkit';
import { afterEach, expect, it } from 'vitest';
import { AMPLE_DRAIN, clusterOf, untilInService } from './cluster.ts';
import { expectLossless, loadWhile } from './load.ts';
import { deaths, untilHealed, untilSeen } from './survival.ts';

/** The folders that a balancer writes to besides `/run`. */
const FOLDERS = ['/nodes', '/usr/local/etc/haproxy'];

const running = clusterOf('resource-faults', async (cluster) => {
  const small = Object.fromEntries(FOLDERS.map((folder) => [folder, 'mode=1777,size=64k']));
  const [ha, s1, s2] = await Promise.all([
    // The least that HAProxy starts with is 251.
    cluster.balancer('ha', {
      tmpfs: small,
      ulimits: { nofile: 256 },
      env: { ROLLCALL_FAILED_GRACE_SECONDS: '1' },
    }),
    cluster.web('s1'),
    cluster.web('s2', { ulimits: { nofile: 64 } }),
  ]);
  await untilInService(ha, ['s1', 's2']);
  return { ha, s1, s2 };
});

afterEach(async () => {
  const { ha, s1, s2 } = running();
  await untilHealed(ha, [s1, s2]);
  expect(await deaths([ha, s1, s2])).toEqual([]);
});

/** A cookie that leads to this node. */
async function cookieFor(balancer: Balancer, node: string): Promise<string> {
  return await until(`a cookie of ${node}`, async () => {
    const answer = await balancer.get();
    if (answer.json<{ host: string }>().host !== node) return undefined;
    return answer.headers['set-cookie']?.map((cookie) => cookie.split(';')[0]).join('; ');
  });
}

it('more clients than a balancer and a node have files for are all answered', async () => {
  const { ha } = running();
  const slow = Array.from({ length: 300 }, () => ha.get('/slow?ms=200', { limitMs: 60_000 }));
  const answers = await Promise.all(slow);
  expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
});

it('a node that is paused leaves the traffic, and is back when it goes on', async () => {
  const { ha, s1, s2 } = running();
  const cookie = await cookieFor(ha, 's1');
  await s2.container.pause();
  try {
    await untilInService(ha, ['s1']);
    expectLossless(await loadWhile([ha], async () => {}));
    expect((await ha.get('/', { headers: { cookie } })).json()).toMatchObject({ host: 's1' });
  } finally {
    await s2.container.unpause();
  }
  await untilSeen(s2, [s1, ha], 'alive');
});

it('a balancer that is paused answers when it goes on', async () => {
  const { ha, s1, s2 } = running();
  await ha.container.pause();
  const waiting = ha.get('/', { limitMs: 120_000 });
  try {
    for (const node of [s1, s2]) await untilSeen(node, [ha], 'failed');
  } finally {
    await ha.container.unpause();
  }
  expect((await waiting).status).toBe(200);
});

it('nodes come and go while a balancer can write no file, and its files follow when it can', async () => {
  const { cluster, ha } = running();
  for (const folder of FOLDERS) await ha.container.exec(['sh', '-c', `cat /dev/zero > ${folder}/.filler`]);

  const [s3, s4] = await Promise.all([cluster.web('s3', { env: AMPLE_DRAIN }), cluster.web('s4')]);
  await until('s3 and s4 to serve', async () => (await ha.answering(4)).join() === 's1,s2,s3,s4');
  await until('the problem to be shown', () => ha.status(), {
    accept: (seen) => /\/nodes.*no space/.test(seen?.problem ?? ''),
  });
  expectLossless(await loadWhile([ha], () => s3.container.stop()));
  expect(await ha.configured()).toEqual(['s1', 's2']);

  for (const folder of FOLDERS) await ha.container.exec(['rm', `${folder}/.filler`]);
  await untilInService(ha, ['s1', 's2', 's4']);
  expect(await s4.container.stop()).toBe(0);
  await until('the problem to be gone', async () => (await ha.status())?.problem === undefined);
});
