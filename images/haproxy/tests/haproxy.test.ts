import { isDeepStrictEqual } from 'node:util';
import { builtInTemplate } from '@rollcall/haproxy-handler';
import { type Balancer, Cluster, request, until } from '@rollcall/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Backend } from './backend/backend.ts';
import { balancerStatus, marked, untilServing, workerOf } from './backend/balancing.ts';
import { KeptConnection } from './backend/kept-connection.ts';

let cluster: Cluster;
let ha: Balancer;
let s1: Backend;

beforeAll(async () => {
  cluster = await Cluster.open('haproxy');
  // Time for a test to look around while it stops.
  ha = await cluster.balancer('ha', { env: { ROLLCALL_DRAIN_SECONDS: '60' } });
  s1 = await Backend.start(cluster, 's1');
  await untilServing(ha, 's1 UP');
});
afterAll(() => cluster?.close());

const stats = (path: string) => request(`http://127.0.0.1:${ha.container.port(1936)}${path}`);

describe('a client', () => {
  it('reaches a node as it asked, and the node learns from where', async () => {
    const answer = await ha.get('/', { headers: { host: 'shop.example', 'x-forwarded-for': '192.0.2.7' } });
    const { headers } = answer.json<{ headers: Record<string, string> }>();
    expect(headers['host']).toBe('shop.example');
    expect(headers['x-forwarded-for']).toMatch(/^192\.0\.2\.7, \d+\.\d+\.\d+\.\d+$/);
  });
});

describe('people and programs', () => {
  it('see the servers on the stats page', async () => {
    expect((await stats('/')).text()).toContain('s1');
  });
  it('get metrics for Prometheus from the same port', async () => {
    expect((await stats('/metrics')).text()).toMatch(
      /^haproxy_server_status\{proxy="web",server="s1",state="UP"\} 1$/m,
    );
  });
  it('reach the runtime API by TCP only where it is asked for', async () => {
    expect(await ha.config()).not.toContain('stats socket');
    const open = await cluster.balancer('open', {
      ports: [80, 1936, 9999],
      env: { ROLLCALL_ADMIN_PORT: '9999' },
    });
    await untilServing(open, 's1 UP');
    const admin = await KeptConnection.open(`http://127.0.0.1:${open.container.port(9999)}`);
    admin.write('show servers state web\n');
    expect(await admin.read(/\n\n/)).toContain('web 1 s1 ');
    await open.container.stop();
  });
});

describe('what was changed behind its back heals', () => {
  /** Name, address and port, state, mode and weight of each. */
  const servers = async () =>
    (await ha.runtime('show servers state web')).split('\n').map((line) => {
      const cells = line.split(' ');
      return [...cells.slice(3, 8), cells[18]].join(' ');
    });
  const corrections = async () =>
    (await ha.container.logsJson('handler')).filter(({ msg }) => String(msg).includes('correcting it'))
      .length;

  // All of a change in one go: between two, the handler could see and mend the first.
  it.each([
    ['a server was taken out', 'set server web/s1 state maint'],
    ['a server was drained', 'set server web/s1 state drain'],
    ['a weight was changed', 'set server web/s1 weight 1'],
    ['an address was changed', 'set server web/s1 addr 192.0.2.1 port 1'],
    ['a check was turned off', 'disable health web/s1'],
    ['a server was deleted', 'set server web/s1 state maint; @1 del server web/s1'],
    ['a server was added', 'add server web/strange 192.0.2.1:80 weight 100; @1 enable server web/strange'],
  ])('%s', async (_, command) => {
    const before = { servers: await servers(), corrections: await corrections() };
    await ha.runtime(command);
    await until(
      'HAProxy as before, and told once',
      async () => ({ servers: await servers(), corrections: await corrections() }),
      {
        accept: (now) => isDeepStrictEqual(now, { ...before, corrections: before.corrections + 1 }),
      },
    );
    await untilServing(ha, 's1 UP');
  });

  it('the file was changed', async () => {
    const before = await ha.config();
    await ha.container.exec(['sh', '-c', 'echo nonsense >> /usr/local/etc/haproxy/haproxy.cfg']);
    await until('the file as before', () => ha.config(), { accept: (now) => now === before });
    expect((await balancerStatus(ha)).reloads.count).toBe(0);
  });
});

it('serves the servers that it knew as soon as it is started again, handler or not', async () => {
  const worker = await workerOf(ha);
  await ha.signalService('handler', 'p');
  await ha.killService('haproxy');
  await until('another HAProxy', () => workerOf(ha), { accept: (now) => now !== worker });
  expect((await ha.get()).json()).toMatchObject({ node: 's1' });
  await ha.signalService('handler', 'c');
  await untilServing(ha, 's1 UP');
});

it('goes on when its handler was stopped and started again', async () => {
  await ha.container.exec(['s6-svc', '-r', '/run/rollcall/scandir/handler']);
  await until('a handler that has started again', async () => {
    const log = await ha.container.logsJson('handler');
    return log.filter(({ msg }) => msg === 'started').length === 2;
  });
  await untilServing(ha, 's1 UP');
});

it('answers what is in flight when it is stopped, and takes nothing new', async () => {
  const slow = ha.get('/hold');
  await s1.untilHeld(1);
  const stopped = ha.container.stop({ timeoutSeconds: 64 });
  await until('no new connection', () =>
    ha.get().then(
      () => false,
      () => true,
    ),
  );
  await s1.release();
  expect((await slow).status).toBe(200);
  expect(await stopped).toBe(0);
  await ha.container.start();
  await untilServing(ha, 's1 UP');
});

it('says so when its container may open too few files', async () => {
  const small = await cluster.balancer('small', { ulimits: { nofile: 200 } });
  await until('the problem', async () => (await small.status())?.problem, {
    accept: (problem) => /256 open files, .* is 200\./.test(problem ?? ''),
  });
  await small.container.stop();
});

describe('a template that HAProxy cannot start with, when none has ever worked', () => {
  it('is told as the problem of the node, which goes well as soon as it is corrected', async () => {
    const template = (port: string) =>
      marked(builtInTemplate.text, 'own').replace('bind *:{{webPort}}', `bind ${port}`);
    const late = await cluster.balancer('late', {
      files: { '/etc/rollcall/haproxy.cfg.hbs': template('192.0.2.1:80') },
    });
    await until('the problem', async () => (await late.status())?.problem, {
      accept: (problem) => /haproxy\.cfg\.hbs/.test(problem ?? ''),
    });
    await late.writeTemplate(template('*:{{webPort}}'));
    await untilServing(late, 's1 UP');
    expect((await late.status())?.problem).toBeUndefined();
    expect(await late.container.stop({ timeoutSeconds: 60 })).toBe(0);
  });
});
