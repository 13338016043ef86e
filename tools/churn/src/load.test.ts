import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { until } from '@rollcall/testkit';
import { afterEach, describe, expect, it } from 'vitest';
import type { Kind, Lag, RequestRecord } from './load/record.ts';
import { Load } from './load.ts';

let server: Server;
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

/** Puts load of one kind on a server until `count` requests have ended. */
async function loadOn(
  listener: RequestListener,
  kind: Kind,
  count: number,
): Promise<{ records: RequestRecord[]; lag: Lag }> {
  server = createServer(listener).listen(0, '127.0.0.1');
  await until('the server', () => server.listening);
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const load = await Load.start({ urls: [url], rate: 200, seed: 1, mix: { [kind]: 1 } });
  await until(`${count} requests`, () => load.ledger.size >= count);
  const { ledger, lag } = await load.stop();
  return { records: [...ledger], lag };
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
    server.close();
    const { records: wrong } = await loadOn((_, response) => response.end('<p>hi</p>'), 'sticky', 1);
    expect(wrong[0]).toMatchObject({ outcome: 'lost', why: 'no JSON but "<p>hi</p>"' });
    server.close();
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
