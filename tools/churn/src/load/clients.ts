import { createHash } from 'node:crypto';
import { Agent } from 'node:http';
import { Readable } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import { OPCODE, Websocket } from '@rollcall/testkit/websocket';
import { between, type Random } from '../random.ts';
import { CookieJar } from './cookie-jar.ts';
import { type Answered, BrokenExchange, exchange, LIMIT_MS } from './exchange.ts';
import { KINDS, type Kind, type RequestRecord } from './record.ts';

/** An answer that came whole and is not the right one. */
class WrongAnswer extends Error {}

/** The node that answered, where that can be told. */
type Sent = Promise<string | undefined>;

/** Sends one request to this address. */
type Sender = (url: string) => Sent;

const STICKY_CLIENTS = 20;
/** Shorter than HAProxy keeps an idle connection, so that this side closes first and no request meets a closing one. */
const IDLE_MS = 2_000;

/**
 * Sends requests of every kind and checks what comes back. Each request is a client's own, except that the sticky ones come
 * from a few clients; a client's first address is the one at its number's place.
 */
export class Clients {
  readonly #urls: readonly [string, ...string[]];
  readonly #random: Random;
  readonly #kept = new Agent({ keepAlive: true, timeout: IDLE_MS });
  readonly #jars = Array.from({ length: STICKY_CLIENTS }, () => new CookieJar());
  readonly #senders: Record<Exclude<Kind, 'sticky'>, Sender> = {
    get: (url) => this.#get(url, this.#kept),
    'get-fresh': (url) => this.#get(url),
    slow: (url) => this.#slow(url),
    download: (url) => this.#download(url),
    events: (url) => this.#events(url),
    post: (url) => this.#post(url, this.#kept),
    'post-fresh': (url) => this.#post(url),
    upload: (url) => this.#upload(url),
    websocket: (url) => this.#websocket(url),
  };

  constructor(urls: readonly [string, ...string[]], random: Random) {
    this.#urls = urls;
    this.#random = random;
  }

  /** Sends one request to its end. Never rejects. */
  async send(id: number, kind: Kind): Promise<RequestRecord> {
    const sentAt = Date.now();
    const [client, send] = this.#clientFor(id, kind);
    const repeated: string[] = [];
    const ended = (outcome: RequestRecord['outcome'], rest: object): RequestRecord => ({
      id,
      kind,
      sentAt,
      endedAt: Date.now(),
      outcome,
      ...(repeated.length > 0 && { repeated: repeated.join('; ') }),
      ...((outcome === 'lost' || repeated.length > 0) && { to: this.#addressOf(client, 0) }),
      ...rest,
    });
    for (;;) {
      try {
        const node = await send(this.#addressOf(client, repeated.length));
        return ended('right', { ...(node !== undefined && { node }) });
      } catch (error) {
        const why = error instanceof Error ? error.message : String(error);
        // Once round the addresses, and the first once more: the last may have met something else.
        const mayRepeat =
          KINDS[kind].repeatable && error instanceof BrokenExchange && repeated.length < this.#urls.length;
        if (!mayRepeat) return ended('lost', { why });
        repeated.push(why);
      }
    }
  }

  close(): void {
    this.#kept.destroy();
  }

  /** @returns the client's number and what it does */
  #clientFor(id: number, kind: Kind): [number, Sender] {
    if (kind !== 'sticky') return [id, this.#senders[kind]];
    const client = between(this.#random, 0, STICKY_CLIENTS - 1);
    return [client, (url) => this.#sticky(url, this.#jars[client] ?? new CookieJar())];
  }

  /** @param repeats how often the request was sent before */
  #addressOf(client: number, repeats: number): string {
    return this.#urls[(client + repeats) % this.#urls.length] ?? this.#urls[0];
  }

  async #get(url: string, agent?: Agent): Sent {
    return hostIn(await exchange({ url: new URL('/', url), ...(agent && { agent }) }));
  }

  async #sticky(url: string, jar: CookieJar): Sent {
    const answer = await exchange({ url: new URL('/', url), headers: jar.headers(), agent: this.#kept });
    jar.take(answer.headers);
    return hostIn(answer);
  }

  async #slow(url: string): Sent {
    return hostIn(await exchange({ url: new URL(`/slow?ms=${between(this.#random, 100, 1_500)}`, url) }));
  }

  async #download(url: string): Sent {
    const bytes = between(this.#random, 1_000_000, 4_000_000);
    const { body } = expectOk(await exchange({ url: new URL(`/download?bytes=${bytes}`, url) }));
    if (body.length !== bytes) throw new WrongAnswer(`${body.length} bytes instead of ${bytes}`);
    return undefined;
  }

  async #events(url: string): Sent {
    const count = between(this.#random, 3, 12);
    const { body } = expectOk(await exchange({ url: new URL(`/events?count=${count}`, url) }));
    const events = [...body.toString('utf8').matchAll(/^data: (.*)$/gm)];
    if (events.length !== count) throw new WrongAnswer(`${events.length} events instead of ${count}`);
    return undefined;
  }

  async #post(url: string, agent?: Agent): Sent {
    const body = bytesOf(this.#random, between(this.#random, 1, 64 * 1024));
    const echo = { url: new URL('/echo', url), method: 'POST', body };
    return expectEcho(await exchange({ ...echo, ...(agent && { agent }) }), body);
  }

  async #upload(url: string): Sent {
    const parts = Array.from({ length: 8 }, () => bytesOf(this.#random, 8 * 1024));
    const whole = Buffer.concat(parts);
    const slowly = async function* () {
      for (const part of parts) {
        yield part;
        await pause(50);
      }
    };
    const headers = { 'content-length': String(whole.length) };
    const echo = { url: new URL('/echo', url), method: 'POST', headers, body: Readable.from(slowly()) };
    return expectEcho(await exchange(echo), whole);
  }

  async #websocket(url: string): Sent {
    const socket = await Websocket.open(new URL('/ws', url), { limitMs: LIMIT_MS }).catch(broken);
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
