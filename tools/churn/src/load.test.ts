import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { until } from '@rollcall/testkit';
import { afterEach, describe, expect, it } from 'vitest';
import type { Kind, Lag, RequestRecord } from './load/record.ts';
import { Load } from './load.ts';

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  servers.push(server);
  await until('the server', () => server.listening);
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Puts load of one kind on a server, or on several, until `count` requests have ended. */
async function loadOn(
  listeners: RequestListener | readonly RequestListener[],
  kind: Kind,
  count: number,
): Promise<{ records: RequestRecord[]; lag: Lag; urls: string[] }> {
  const urls = await Promise.all([listeners].flat().map(serve));
  const [first = '', ...others] = urls;
  const load = await Load.start({ urls: [first, ...others], rate: 200, seed: 1, mix: { [kind]: 1 } });
  await until(`${count} requests`, () => load.ledger.size >= count);
  const { ledger, lag } = await load.stop();
  return { records: [...ledger], lag, urls };
}

const hello: RequestListener = (_request, response) => response.end('{"host":"s1"}');

describe('load', () => {
  it('sends on schedule and accounts for every request, by number', async () => {
    let received = 0;
    const { records, lag } = await loadOn(
      (request, response) => {
        received += 1;
        hello(request, response);
      },
      'get',
      50,
    );
    expect(records.length).toBe(received);
    expect(records.map(({ id }) => id).sort((a, b) => a - b)).toEqual(records.map((_, index) => index));
    expect(new Set(records.map(({ outcome, node }) => `${outcome} ${node}`))).toEqual(new Set(['right s1']));
    expect(lag.max).toBeGreaterThanOrEqual(lag.p99);
  });

  it('sends on while an answer fails to come', async () => {
    let received = 0;
    let answerFirst = () => {};
    const { records } = await loadOn(
      (request, response) => {
        received += 1;
        if (received === 11) answerFirst();
        if (received === 1) answerFirst = () => hello(request, response);
        else hello(request, response);
      },
      'get-fresh',
      20,
    );
    expect(records.every(({ outcome }) => outcome === 'right')).toBe(true);
  });

  it('takes an error status, a wrong answer and a changed body for lost, and says why', async () => {
    const { records: refused } = await loadOn((_, response) => response.writeHead(503).end(), 'get', 1);
    expect(refused[0]).toMatchObject({ outcome: 'lost', why: 'status 503' });
    const { records: wrong } = await loadOn((_, response) => response.end('<p>hi</p>'), 'sticky', 1);
    expect(wrong[0]).toMatchObject({ outcome: 'lost', why: 'no JSON but "<p>hi</p>"' });
    const echo: RequestListener = (_, response) => response.end('{"bytes":3,"sha256":"x"}');
    const { records: changed } = await loadOn(echo, 'post', 1);
    expect(changed[0]?.why).toMatch(/^another body arrived: 3 bytes of \d+$/);
  });

  it('repeats once what is safe to repeat when its connection breaks, and shows that it did', async () => {
    let received = 0;
    const breakFirst: RequestListener = (request, response) => {
      received += 1;
      if (received === 1) request.socket.destroy();
      else hello(request, response);
    };
    const { records } = await loadOn(breakFirst, 'get', 2);
    expect(records.filter(({ repeated }) => repeated)).toMatchObject([
      { outcome: 'right', repeated: 'ECONNRESET before an answer' },
    ]);
  });

  it('spreads its clients over the balancers', async () => {
    const received = [0, 0];
    const counting = received.map(
      (_, index): RequestListener =>
        (request, response) => {
          received[index] = (received[index] ?? 0) + 1;
          hello(request, response);
        },
    );
    const { records } = await loadOn(counting, 'get-fresh', 50);
    expect(received).toEqual([Math.ceil(records.length / 2), Math.floor(records.length / 2)]);
  });

  it('goes to the next balancer when one breaks or refuses, and tells where it was first', async () => {
    const broken: RequestListener = (request) => request.socket.destroy();
    const { records, urls } = await loadOn([broken, hello], 'get-fresh', 20);
    expect(new Set(records.map(({ outcome }) => outcome))).toEqual(new Set(['right']));
    const repeated = records.filter((record) => record.repeated);
    expect(repeated).toHaveLength(Math.ceil(records.length / 2));
    expect(new Set(repeated.map(({ to }) => to))).toEqual(new Set([urls[0]]));
  });

  it('tries each balancer, and the first once more, before it gives up', async () => {
    const tried: number[] = [];
    const broken = [0, 1].map(
      (index): RequestListener =>
        (request) => {
          tried.push(index);
          request.socket.destroy();
        },
    );
    const { records } = await loadOn(broken, 'get-fresh', 1);
    expect(records[0]).toMatchObject({ outcome: 'lost', why: 'ECONNRESET before an answer' });
    expect(tried.length).toBe(records.length * 3);
  });

  it('keeps a client with a cookie at its first balancer', async () => {
    const clientsOf = [new Set<string>(), new Set<string>()];
    let given = 0;
    const listeners = clientsOf.map(
      (clients): RequestListener =>
        (request, response) => {
          const { cookie } = request.headers;
          if (cookie) clients.add(cookie);
          else response.setHeader('set-cookie', `client=${given++}`);
          hello(request, response);
        },
    );
    await loadOn(listeners, 'sticky', 60);
    const [first, second] = clientsOf as [Set<string>, Set<string>];
    expect(first.size).toBeGreaterThan(0);
    expect(second.size).toBeGreaterThan(0);
    expect([...first].filter((client) => second.has(client))).toEqual([]);
  });

  it('never repeats a POST', async () => {
    const { records } = await loadOn((request) => request.socket.destroy(), 'post-fresh', 3);
    expect(records[0]).toMatchObject({ outcome: 'lost', why: expect.stringMatching(/before an answer$/) });
    expect(records[0]).not.toHaveProperty('repeated');
  });

  it('notices a download that is cut short', async () => {
    const cut: RequestListener = (_, response) => {
      response.writeHead(200, { 'content-length': 1_000 });
      response.write('x'.repeat(10), () => response.destroy());
    };
    const { records } = await loadOn(cut, 'download', 1);
    expect(records[0]).toMatchObject({ outcome: 'lost', why: 'ECONNRESET after 10 bytes of the answer' });
  });
});
