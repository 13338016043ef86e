import { builtInTemplate } from '@rollcall/haproxy-handler';
import { type Balancer, Cluster, until } from '@rollcall/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Backend } from './backend/backend.ts';
import { balancerStatus, marked, untilServing, workerOf } from './backend/balancing.ts';
import { KeptConnection } from './backend/kept-connection.ts';

// The tests below are one story: each goes on where the one before ended.
let cluster: Cluster;
let ha: Balancer;
let s1: Backend;

beforeAll(async () => {
  cluster = await Cluster.open('reload');
  ha = await cluster.balancer();
  s1 = await Backend.start(cluster, 's1');
  await untilServing(ha, 's1 UP');
});
afterAll(() => cluster?.close());

const template = (mark: string) => marked(builtInTemplate.text, mark);
const untilReloaded = (count: number) =>
  until(`${count} reloads`, () => balancerStatus(ha), { accept: ({ reloads }) => reloads.count === count });
const untilProblem = (expected: RegExp) =>
  until(`a problem like ${expected}`, async () => (await balancerStatus(ha)).templateProblem, {
    accept: (problem) => expected.test(problem ?? ''),
  });

it('a changed template is reloaded, and nobody who is connected loses anything', async () => {
  const worker = await workerOf(ha);
  const slow = ha.get('/hold');
  await s1.untilHeld(1);
  const kept = await KeptConnection.open(ha.url);
  expect(await kept.get('/')).toContain('200 OK');

  await ha.writeTemplate(template('first'));
  await untilReloaded(1);
  expect(await ha.config()).toContain('# first');
  expect(await workerOf(ha)).not.toBe(worker);

  const last = await kept.get('/');
  expect(last).toContain('200 OK');
  expect(last.toLowerCase()).toContain('connection: close');
  await kept.untilClosed();
  expect((await ha.get()).status).toBe(200);
  await s1.release();
  expect((await slow).status).toBe(200);
});

it('what the process of before a reload has in flight keeps a node from being told that it is idle', async () => {
  const slow = ha.get('/hold');
  await s1.untilHeld(1);
  await ha.writeTemplate(template('second'));
  await untilReloaded(2);

  expect(await s1.drain()).toEqual({ applied: true, inFlight: 1 });
  const idle = s1.idle();
  await s1.release();
  expect((await slow).status).toBe(200);
  expect(await idle).toEqual({ idle: true, inFlight: 0 });
});

it('a server that is out of rotation is so after a reload, too', async () => {
  await s1.say('draining');
  await untilServing(ha, 's1 MAINT');
  await ha.writeTemplate(template('third'));
  await untilReloaded(3);
  expect((await ha.stats()).map(({ server, status }) => `${server} ${status}`)).toEqual(['s1 MAINT']);
  await s1.say('ready');
  await untilServing(ha, 's1 UP');
});

describe('the last template that worked stays, and the log says why, when another one', () => {
  it.each([
    [
      'uses a variable that is not there',
      '{{hardStopSecnds}}',
      /haproxy\.cfg\.hbs:\d+:\d+: "hardStopSecnds" has no value/,
    ],
    ['is refused by HAProxy', 'frontend more\n  nonsense', /unknown keyword 'nonsense'/],
    [
      'cannot be run',
      'frontend more from http\n  bind 192.0.2.1:8080\n  default_backend web',
      /cannot bind socket/,
    ],
  ])('%s', async (_, addition, problem) => {
    const before = { worker: await workerOf(ha), config: await ha.config() };
    await ha.writeTemplate(`${template('broken')}\n${addition}\n`);
    await untilProblem(problem);
    expect({ worker: await workerOf(ha), config: await ha.config() }).toEqual(before);
    expect((await ha.get()).status).toBe(200);
    expect(await ha.container.health()).not.toBe('unhealthy');
    await until('the log to say why', async () =>
      (await ha.container.logsJson('handler')).some((entry) =>
        problem.test(JSON.stringify(entry['err'] ?? '').replaceAll('\\"', '"')),
      ),
    );
  });

  it('and servers still come and go, in HAProxy and in the file', async () => {
    await Backend.start(cluster, 's2');
    await untilServing(ha, 's1 UP', 's2 UP');
    await until('s2 in the file', () => ha.configured(), { accept: (servers) => servers.includes('s2') });
    expect(await ha.config()).toContain('# third');
  });

  it('until it is corrected', async () => {
    await ha.writeTemplate(template('corrected'));
    await until('the corrected configuration', async () => (await ha.config()).includes('# corrected'));
    await until('no problem', () => balancerStatus(ha), {
      accept: ({ templateProblem }) => templateProblem === undefined,
    });
  });
});
