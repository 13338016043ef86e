import { createHash } from 'node:crypto';
import { Agent } from 'node:http';
import { Readable } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import { OPCODE, Websocket } from '@rollcall/testkit/websocket';
import { between, oneOf, type Random } from '../random.ts';
import { CookieJar } from './cookie-jar.ts';
import { type Answered, BrokenExchange, exchange, LIMIT_MS } from './exchange.ts';
import { KINDS, type Kind, type RequestRecord } from './record.ts';

/** An answer that came whole and is not the right one. */
class WrongAnswer extends Error {}

/** The node that answered, where that can be told. */
type Sent = Promise<string | undefined>;

const STICKY_CLIENTS = 20;
/** Shorter than HAProxy keeps an idle connection, so that this side closes first and no request meets a closing one. */
const IDLE_MS = 2_000;

/** Sends requests of every kind and checks what comes back. */
export class Client {
  readonly #urls: readonly [string, ...string[]];
  readonly #random: Random;
  readonly #kept = new Agent({ keepAlive: true, timeout: IDLE_MS });
  readonly #jars = Array.from({ length: STICKY_CLIENTS }, () => new CookieJar());
  readonly #senders: Record<Kind, () => Sent> = {
    get: () => this.#get(this.#kept),
    'get-fresh': () => this.#get(),
    sticky: () => this.#sticky(),
    slow: () => this.#slow(),
    download: () => this.#download(),
    events: () => this.#events(),
    post: () => this.#post(this.#kept),
    'post-fresh': () => this.#post(),
    upload: () => this.#upload(),
    websocket: () => this.#websocket(),
  };

  constructor(urls: readonly [string, ...string[]], random: Random) {
    this.#urls = urls;
    this.#random = random;
  }

  /** Sends one request to its end. Never rejects. */
  async send(id: number, kind: Kind): Promise<RequestRecord> {
    const sentAt = Date.now();
    const record = (outcome: RequestRecord['outcome'], rest: object): RequestRecord => ({
      id,
      kind,
      sentAt,
      endedAt: Date.now(),
      outcome,
      ...rest,
    });
    let repeated: { repeated?: string } = {};
    for (;;) {
      try {
        const node = await this.#senders[kind]();
        return record('right', { ...repeated, ...(node !== undefined && { node }) });
      } catch (error) {
        const why = error instanceof Error ? error.message : String(error);
        const mayRepeat = KINDS[kind].repeatable && error instanceof BrokenExchange && !repeated.repeated;
        if (!mayRepeat) return record('lost', { ...repeated, why });
        repeated = { repeated: why };
      }
    }
  }

  close(): void {
    this.#kept.destroy();
  }

  async #get(agent?: Agent): Sent {
    return hostIn(await exchange({ url: this.#url('/'), ...(agent && { agent }) }));
  }

  async #sticky(): Sent {
    const jar = oneOf(this.#random, this.#jars);
    if (jar === undefined) return undefined;
    const answer = await exchange({ url: this.#url('/'), headers: jar.headers(), agent: this.#kept });
    jar.take(answer.headers);
    return hostIn(answer);
  }

  async #slow(): Sent {
    return hostIn(await exchange({ url: this.#url(`/slow?ms=${between(this.#random, 100, 1_500)}`) }));
  }

  async #download(): Sent {
    const bytes = between(this.#random, 1_000_000, 4_000_000);
    const { body } = expectOk(await exchange({ url: this.#url(`/download?bytes=${bytes}`) }));
    if (body.length !== bytes) throw new WrongAnswer(`${body.length} bytes instead of ${bytes}`);
    return undefined;
  }

  async #events(): Sent {
    const count = between(this.#random, 3, 12);
    const { body } = expectOk(await exchange({ url: this.#url(`/events?count=${count}`) }));
    const events = [...body.toString('utf8').matchAll(/^data: (.*)$/gm)];
    if (events.length !== count) throw new WrongAnswer(`${events.length} events instead of ${count}`);
    return undefined;
  }

  async #post(agent?: Agent): Sent {
    const body = bytesOf(this.#random, between(this.#random, 1, 64 * 1024));
    const answer = await exchange({ url: this.#url('/echo'), method: 'POST', body, ...(agent && { agent }) });
    return expectEcho(answer, body);
  }

  async #upload(): Sent {
    const parts = Array.from({ length: 8 }, () => bytesOf(this.#random, 8 * 1024));
    const whole = Buffer.concat(parts);
    const slowly = async function* () {
      for (const part of parts) {
        yield part;
        await pause(50);
      }
    };
    const headers = { 'content-length': String(whole.length) };
    const body = Readable.from(slowly());
    return expectEcho(await exchange({ url: this.#url('/echo'), method: 'POST', headers, body }), whole);
  }

  async #websocket(): Sent {
    const socket = await Websocket.open(this.#url('/ws'), { limitMs: LIMIT_MS }).catch(broken);
    try {
      for (let count = 0; count < 5; count += 1) {
        const text = `message ${count} ${this.#random()}`;
        socket.send(OPCODE.text, Buffer.from(text));
        const echo = await socket.receive();
        if (echo?.opcode !== OPCODE.text) throw new BrokenExchange(`closed after ${count} messages`);
        if (echo.payload.toString() !== text)
          throw new WrongAnswer(`another text than message ${count} came back`);
        await pause(200);
      }
      socket.send(OPCODE.close, Buffer.alloc(0));
      await socket.receive();
    } finally {
      socket.close();
    }
    return undefined;
  }

  #url(path: string): URL {
    return new URL(path, oneOf(this.#random, this.#urls));
  }
}

function broken(error: NodeJS.ErrnoException): never {
  throw new BrokenExchange(`${error.code ?? error.message} while it opened`, { cause: error });
}

function expectOk(answer: Answered): Answered {
  if (answer.status !== 200) throw new WrongAnswer(`status ${answer.status}`);
  return answer;
}

function hostIn(answer: Answered): string {
  const { host } = jsonIn(answer);
  if (typeof host !== 'string') throw new WrongAnswer('an answer without a host');
  return host;
}

function expectEcho(answer: Answered, body: Buffer): string {
  const { bytes, sha256 } = jsonIn(answer);
  if (bytes !== body.length || sha256 !== createHash('sha256').update(body).digest('hex')) {
    throw new WrongAnswer(`another body arrived: ${bytes} bytes of ${body.length}`);
  }
  return hostIn(answer);
}

function jsonIn(answer: Answered): Record<string, unknown> {
  const text = expectOk(answer).body.toString('utf8');
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new WrongAnswer(`no JSON but "${text.slice(0, 60)}"`, { cause });
  }
}

function bytesOf(random: Random, length: number): Buffer {
  return Buffer.alloc(length, Math.floor(random() * 2 ** 32).toString(36) || '0');
}
