import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { request } from '@rollcall/testkit';
import { OPCODE, Websocket } from '@rollcall/testkit/websocket';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

export interface RunningDemo {
  readonly port: number;
  /** Tells it to end. @returns its exit code */
  stop(): Promise<number>;
}

interface Greeting {
  ip: string;
  host: string;
  sessionViews: number;
  id: string;
}

/** What the demo app promises, wherever it runs. */
export function demoPromises(start: () => Promise<RunningDemo>): void {
  let demo: RunningDemo;
  const at = (path: string) => new URL(path, `http://127.0.0.1:${demo.port}`);
  const post = (path: string, body: string | Buffer) => request(at(path), { method: 'POST', body });

  beforeAll(async () => {
    demo = await start();
  });

  it('tells who answers', async () => {
    const answer = await request(at('/'));
    const { ip, host } = answer.json<Greeting>();
    expect(answer.json()).toMatchObject({ hello: 'world!' });
    expect(answer.headers['x-backend-ip']).toBe(ip);
    expect(host).not.toBe('');
  });

  it('counts the views of each session', async () => {
    const first = await request(at('/'));
    const cookie = first.headers['set-cookie']?.[0]?.split(';')[0] ?? '';
    expect(cookie).toBe(`NODESESSID=${first.json<Greeting>().id}`);
    const second = await request(at('/'), { headers: { cookie: `other=1; ${cookie}` } });
    expect(second.json<Greeting>()).toMatchObject({ id: first.json<Greeting>().id, sessionViews: 2 });
    expect(second.headers['set-cookie']).toBeUndefined();
    expect((await request(at('/'))).json<Greeting>().sessionViews).toBe(1);
  });

  it('begins a session of its own where it does not know the one that is brought', async () => {
    const answer = await request(at('/'), { headers: { cookie: 'NODESESSID=of-another-node' } });
    expect(answer.json<Greeting>().sessionViews).toBe(1);
    expect(answer.json<Greeting>().id).not.toBe('of-another-node');
  });

  it('slows its greeting down, but not its health', async () => {
    await post('/delay', '{"delay": 60000}');
    const greeting = httpRequest(at('/'), { agent: false }).end();
    const answered = once(greeting, 'response').then(
      () => 'greeted',
      () => 'not greeted',
    );
    const health = request(at('/health')).then(({ status }) => status);
    expect(await Promise.race([answered, health])).toBe(200);
    greeting.destroy();
    expect((await post('/delay', '{"delay": 0}')).json()).toEqual({ delay: 0 });
    expect((await request(at('/'))).status).toBe(200);
  });

  it.each(['', 'null', '{}', '{"delay": "5"}', '{"delay": -1}', '{"delay": 60001}', ' '.repeat(5_000)])(
    'says what is allowed to a delay of %j',
    async (body) => {
      const answer = await post('/delay', body);
      expect(answer.status).toBe(400);
      expect(answer.text()).toContain('must');
    },
  );

  it('tells what it received', async () => {
    const body = randomBytes(3_000_000);
    const sha256 = createHash('sha256').update(body).digest('hex');
    expect((await post('/echo', body)).json()).toMatchObject({ bytes: body.length, sha256 });
  });

  it('sends as many bytes as it is asked for', async () => {
    expect((await request(at('/download?bytes=1000001'))).body.length).toBe(1_000_001);
    expect((await request(at('/download?bytes=many'))).status).toBe(400);
  });

  it('answers slowly when asked to', async () => {
    expect((await request(at('/slow?ms=5'))).json()).toMatchObject({ ms: 5 });
  });

  it('sends events', async () => {
    const answer = await request(at('/events?count=2'));
    expect(answer.headers['content-type']).toBe('text/event-stream');
    expect(answer.text().match(/^id: \d+$/gm)).toEqual(['id: 1', 'id: 2']);
  });

  it('goes on after requests that make no sense', async () => {
    expect((await request(at('/nothing-here'))).status).toBe(404);
    expect((await request(`http://127.0.0.1:${demo.port}//`)).status).toBe(404);
    expect((await request(at('/health'))).status).toBe(200);
  });

  describe('over a websocket', () => {
    let websocket: Websocket;

    beforeAll(async () => {
      websocket = await Websocket.open(at('/ws'));
    });
    afterAll(() => websocket.close());

    it.each([0, 5, 125, 126, 70_000])('echoes a text of %i bytes', async (length) => {
      const payload = Buffer.alloc(length, 'a');
      websocket.send(OPCODE.text, payload);
      expect(await websocket.receive()).toEqual({ opcode: OPCODE.text, payload });
    });

    it('answers a ping', async () => {
      websocket.send(OPCODE.ping, Buffer.from('are you there'));
      expect(await websocket.receive()).toEqual({
        opcode: OPCODE.pong,
        payload: Buffer.from('are you there'),
      });
    });

    it('ends when the client does', async () => {
      const status = Buffer.from([0x03, 0xe8]);
      websocket.send(OPCODE.close, status);
      expect(await websocket.receive()).toEqual({ opcode: OPCODE.close, payload: status });
      expect(await websocket.receive()).toBeUndefined();
    });
  });

  it('told to end, finishes what is in flight and exits with 0', async () => {
    const websocket = await Websocket.open(at('/ws'));
    const events = httpRequest(at('/events'), { agent: false }).end();
    const [stream] = (await once(events, 'response')) as [IncomingMessage];
    const upload = httpRequest(at('/echo'), { method: 'POST', headers: { expect: '100-continue' } });
    upload.flushHeaders();
    await once(upload, 'continue');

    const exited = demo.stop();
    expect(await websocket.receive()).toEqual({ opcode: OPCODE.close, payload: Buffer.from([0x03, 0xe9]) });
    websocket.close();
    expect(await text(stream)).toContain('id: 1');
    upload.end('the rest');
    const [answer] = (await once(upload, 'response')) as [IncomingMessage];
    expect(JSON.parse(await text(answer))).toMatchObject({ bytes: 8 });
    expect(await exited).toBe(0);
  });
}
