import { until } from '@rollcall/testkit';
import { expect, it } from 'vitest';
import { clusterOf, untilInService } from './cluster.ts';

/** Stands in every hostile value, so that it is found wherever one got to. */
const MARK = 'evil';

/** The tags of a proper backend, but for its mark. */
const proper = {
  v: '1',
  role: 'backend',
  boot: 'abcdefabcdef',
  svc: 'web',
  port: '3000',
  state: 'ready',
  w: '100',
  chk: '/',
};

const names = [
  `${MARK} with blanks`,
  `${MARK}\n  server evil 10.0.0.1:80`,
  `${MARK}"quotes'and\`more`,
  `../../../tmp/${MARK}`,
  `/etc/${MARK}`,
  '..',
  `}}{{#each ${MARK}}}`,
  `$(touch /tmp/${MARK});&|`,
  `-${MARK}`,
  `${MARK}é\u202e`,
  MARK.repeat(125),
];
const tags: Record<string, Record<string, string>> = {
  'no-role': { ...proper, role: '' },
  'role-of-many-lines': { ...proper, role: `backend\n${MARK}` },
  'port-in-words': { ...proper, port: `${MARK}` },
  'port-too-high': { ...proper, port: '70000' },
  'port-with-more': { ...proper, port: `3000 ${MARK}` },
  'weight-too-high': { ...proper, w: '1000000000' },
  'check-of-many-lines': { ...proper, chk: `/\r\n\r\nGET /${MARK}` },
  'check-with-format': { ...proper, chk: `/ %[env(${MARK})]` },
  'service-with-path': { ...proper, svc: `../${MARK}` },
  'service-with-lines': { ...proper, svc: `web\n  server ${MARK} 10.0.0.1:80` },
  'unknown-state': { ...proper, state: MARK },
  'service-too-long': { ...proper, svc: MARK.repeat(80) },
  'no-tags': {},
};
const hostile = [
  ...names.map((name) => ({ name, tags: proper })),
  ...Object.entries(tags).map(([name, own]) => ({ name, tags: own })),
];

const running = clusterOf('hostile', async (cluster) => {
  const [ha] = await Promise.all([cluster.balancer(), cluster.web('s1')]);
  await untilInService(ha, ['s1']);
  return { ha };
});

it('refuses members with hostile names and tags, shows why, and serves the others', async () => {
  const { cluster, ha } = running();
  const before = { haproxy: await ha.pidOf('haproxy'), handler: await ha.pidOf('handler') };
  // Bare agents, as anyone who has the key can start them, all in one container.
  const agents = hostile.map(({ name, tags }, index) => [
    `/agents/${index}.json`,
    JSON.stringify({
      node_name: name,
      tags,
      bind: `0.0.0.0:${7_946 + index}`,
      rpc_addr: `127.0.0.1:${7_400 + index}`,
      encrypt_key: cluster.gossipKey,
      retry_join: ['rollcall:7946'],
      retry_interval: '1s',
    }),
  ]);
  const crowd = await cluster.stage.run({
    image: 'rollcall/base',
    network: cluster.network,
    files: Object.fromEntries(agents),
    cmd: ['sh', '-c', 'for file in /agents/*.json; do serf agent -config-file="$file" & done; wait'],
  });

  const status = await until('every hostile member to be refused', () => ha.status(), {
    accept: (seen) => seen?.members.filter(({ refused }) => refused).length === hostile.length,
  });

  for (const { refused } of status.members.filter(({ name }) => name in tags)) expect(refused).toBeTruthy();
  await untilInService(ha, ['s1']);
  expect(await ha.config()).not.toContain(MARK);
  const { stdout: files } = await ha.container.exec([
    'find',
    '/nodes',
    '/run',
    '/tmp',
    '/usr/local/etc',
    '/var/log',
  ]);
  expect(files).not.toContain(MARK);
  expect({ haproxy: await ha.pidOf('haproxy'), handler: await ha.pidOf('handler') }).toEqual(before);

  await crowd.kill();
});

it('still takes in a node that comes among them', async () => {
  const { cluster, ha } = running();
  await cluster.web('s2');
  await untilInService(ha, ['s1', 's2']);
});
