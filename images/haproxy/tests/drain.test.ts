import { type Balancer, Cluster, until } from '@rollcall/testkit';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Backend } from './backend/backend.ts';
import { balancerStatus, untilServing } from './backend/balancing.ts';
import { KeptConnection } from './backend/kept-connection.ts';

let cluster: Cluster;
let ha: Balancer;
let s1: Backend;
let s2: Backend;

beforeAll(async () => {
  cluster = await Cluster.open('drain');
  ha = await cluster.balancer();
  [s1, s2] = await Promise.all([Backend.start(cluster, 's1'), Backend.start(cluster, 's2')]);
  await untilServing(ha, 's1 UP', 's2 UP');
});
afterAll(() => cluster?.close());
beforeEach(async () => {
  // Whatever the test before has left: after they were out they are back.
  await Promise.all([s1.say('draining'), s2.say('draining')]);
  await untilServing(ha, 's1 MAINT', 's2 MAINT');
  await Promise.all([s1.say('ready'), s2.say('ready')]);
  await untilServing(ha, 's1 UP', 's2 UP');
});

const toS1 = { headers: { cookie: 'ROLLCALL=s1' } };
const nodeOf = async (answer: ReturnType<Balancer['get']>) => (await answer).json<{ node: string }>().node;

it('clients stick to their node, by a cookie that names it', async () => {
  expect(await nodeOf(ha.get('/', toS1))).toBe('s1');
  expect(await nodeOf(ha.get('/', { headers: { cookie: 'ROLLCALL=s2' } }))).toBe('s2');
  expect((await ha.get()).headers['set-cookie']).toEqual([
    expect.stringMatching(/^ROLLCALL=s[12]; path=\/; HttpOnly$/),
  ]);
});

describe('when a node asks to be drained', () => {
  it('it gets no new request from the answer on, and sticky clients move on', async () => {
    expect(await s1.drain()).toEqual({ applied: true, inFlight: 0 });
    const answers = await Promise.all(Array.from({ length: 20 }, () => nodeOf(ha.get('/', toS1))));
    expect(new Set(answers)).toEqual(new Set(['s2']));
  });

  it('what is in flight ends undisturbed: a slow answer, an upload, a websocket', async () => {
    const slow = ha.get('/hold', toS1);
    const websocket = await KeptConnection.open(ha.url);
    await websocket.upgrade(toS1.headers.cookie);
    const upload = await KeptConnection.open(ha.url);
    upload.write(
      `POST /hold HTTP/1.1\r\nHost: ha\r\nCookie: ${toS1.headers.cookie}\r\nContent-Length: 8\r\n\r\n1234`,
    );
    await s1.untilBegun(2);

    const drained = await s1.drain();
    expect(drained).toEqual({ applied: true, inFlight: 3 });

    const idle = s1.idle();
    upload.write('5678');
    await s1.untilHeld(2);
    websocket.write('still there');
    expect(await websocket.read(/still there/)).toContain('still there');
    await s1.release();
    expect((await slow).json()).toEqual({ node: 's1', bytes: 0 });
    expect(await upload.read(/\}$/)).toContain('{"node":"s1","bytes":8}');
    websocket.end();
    expect(await idle).toEqual({ idle: true, inFlight: 0 });
    upload.end();
  });

  it('it is told when nothing is in flight any more, and not before', async () => {
    const slow = ha.get('/hold', toS1);
    await s1.untilHeld(1);
    await s1.drain();
    const idle = s1.idle();
    let isAnswered = false;
    void idle.then(() => {
      isAnswered = true;
    });
    // The balancer answers others meanwhile: it has looked at s1 several times.
    expect(await s2.idle()).toEqual({ idle: true, inFlight: 0 });
    expect(isAnswered).toBe(false);
    await s1.release();
    expect(await idle).toEqual({ idle: true, inFlight: 0 });
    expect((await slow).status).toBe(200);
  });

  it('by its tags alone it goes out of rotation, too, and is back when it takes them back', async () => {
    await s1.say('draining');
    await untilServing(ha, 's1 MAINT', 's2 UP');
    await s1.say('ready');
    await untilServing(ha, 's1 UP', 's2 UP');
  });
});

it('a node that is not ready any more goes out of rotation until it is', async () => {
  await s1.say('starting');
  await untilServing(ha, 's1 MAINT', 's2 UP');
});

it('all of this is told as a story, and needs no reload', async () => {
  expect(await nodeOf(ha.get('/', toS1))).toBe('s1');
  await until('the first request', () => balancerStatus(ha), {
    accept: ({ stories }) => stories['s1']?.at(-1)?.what === 'first-request',
  });
  await s1.drain();
  await s1.say('draining');
  await untilServing(ha, 's1 MAINT', 's2 UP');
  const { reloads, stories } = await until('the story of s1', () => balancerStatus(ha), {
    accept: (status) => status.stories['s1']?.at(-1)?.what === 'drained',
  });
  expect(stories['s1']?.map(({ what }) => what).slice(-5)).toEqual([
    'returned',
    'applied',
    'first-request',
    'draining',
    'drained',
  ]);
  expect(reloads.count).toBe(0);
});
