import { isDeepStrictEqual } from 'node:util';
import { request, Stage, type TestContainer, until } from '@rollcall/testkit';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

/**
 * A balancer that says what the test wants: `idle` is answered with yes as soon as /tmp/idle is there. Real ones answer
 * too quickly for these cases.
 */
const BALANCER = `
import { existsSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { defineHandler } from '@rollcall/handler';
import { drainQuery, idleQuery } from '@rollcall/membership';

const isIdle = () => existsSync('/tmp/idle');

export default defineHandler({
  name: 'balancer',
  variables: {},
  services: [],
  start({ queries }) {
    queries.answer(drainQuery, async () => ({ applied: true, inFlight: 3 }));
    queries.answer(idleQuery, async (_, { signal }) => {
      while (!isIdle() && !signal.aborted) await sleep(10);
      return isIdle() ? { idle: true, inFlight: 0 } : { idle: false, inFlight: 3 };
    });
    return {};
  },
});
`;

interface Status {
  phase: string;
  members: { name: string; status: string }[];
  /** Null until the role has started. */
  roleStatus: { state: string; drain?: { askedAt: string; balancers: object[] } } | null;
}

async function statusOf(node: TestContainer): Promise<Status> {
  return JSON.parse((await node.exec(['cat', '/run/rollcall/status.json'])).stdout);
}

describe('a web node', () => {
  let stage: Stage;
  let network: string;
  let balancer: TestContainer;
  let node: TestContainer;

  const url = () => `http://127.0.0.1:${node.port(3000)}/`;
  const signal = (option: string) => node.exec(['s6-svc', option, '/run/rollcall/scandir/handler']);
  const logged = async (message: string) =>
    (await node.logsJson('handler')).find(({ msg }) => String(msg).includes(message));
  const untilLogged = (message: string) => until(`"${message}" in the log`, () => logged(message));
  const untilState = (state: string) =>
    until(`state ${state}`, () => statusOf(node), {
      accept: ({ roleStatus }) => roleStatus?.state === state,
    });

  async function runNode(name: string, drainSeconds: number): Promise<void> {
    node = await stage.run({
      image: 'rollcall/webapp',
      hostname: name,
      network,
      env: { ROLLCALL_DRAIN_SECONDS: String(drainSeconds) },
      ports: [3000],
    });
    await until(`${name} in a room with ha`, () => statusOf(node), {
      accept: ({ members, roleStatus }) =>
        roleStatus?.state === 'ready' &&
        members.some(({ name, status }) => name === 'ha' && status === 'alive'),
    });
  }

  beforeAll(async () => {
    stage = await Stage.open('drain');
    network = await stage.network();
    balancer = await stage.run({
      image: 'rollcall/base',
      hostname: 'ha',
      network,
      aliases: ['rollcall'],
      files: { '/opt/rollcall/role/index.js': BALANCER },
    });
  });
  beforeEach(({ onTestFailed }) => {
    onTestFailed(async () => console.log(await node.logs(), await balancer.logs()));
  });
  afterAll(() => stage.close());

  it('ends its app only when the balancers have nothing in flight there', async () => {
    await runNode('s1', 60);
    const stopped = node.stop({ timeoutSeconds: 90 });
    await until('the status to tell what the balancer answered', () => statusOf(node), {
      accept: ({ roleStatus }) =>
        roleStatus?.state === 'draining' &&
        isDeepStrictEqual(roleStatus.drain?.balancers, [{ node: 'ha', applied: true, inFlight: 3 }]),
    });
    expect((await request(url())).status).toBe(200);
    await balancer.exec(['touch', '/tmp/idle']);
    expect(await stopped).toBe(0);
    expect(await logged('nothing is in flight any more')).toBeDefined();
    await balancer.exec(['rm', '/tmp/idle']);
  });

  it('tells what it had to cut when the time was not enough', async () => {
    await runNode('s2', 20);
    await signal('-1');
    expect(await untilLogged("the drain's time is over")).toMatchObject({
      level: 'warn',
      cut: [{ node: 'ha', inFlight: 3 }],
    });
    expect(await node.stop({ timeoutSeconds: 60 })).toBe(0);
  });

  it('does not wait for a balancer that is gone', async () => {
    await runNode('s3', 600);
    const stopped = node.stop({ timeoutSeconds: 660 });
    await untilLogged('sends nothing new');
    await balancer.kill();
    expect(await stopped).toBe(0);
    expect(await logged('no longer waiting for')).toMatchObject({ balancers: ['ha'] });
    await balancer.start();
  });

  it('drained by hand goes on running until that is taken back, whatever happens to its handler', async () => {
    await runNode('s4', 60);
    await balancer.exec(['touch', '/tmp/idle']);
    const drained = (before?: Status) =>
      until('a drain that is done', () => statusOf(node), {
        accept: ({ phase, roleStatus }) =>
          phase === 'drained' && roleStatus?.drain?.askedAt !== before?.roleStatus?.drain?.askedAt,
      });

    await signal('-1');
    const before = await drained();
    await signal('-k');
    const after = await drained(before);
    expect(after.roleStatus).toMatchObject({
      state: 'draining',
      drain: { balancers: [{ node: 'ha', applied: true, inFlight: 0 }] },
    });
    expect((await request(url())).status).toBe(200);

    await signal('-2');
    await untilState('ready');
    expect(await node.stop({ timeoutSeconds: 90 })).toBe(0);
  });
});
