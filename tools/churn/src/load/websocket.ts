import { createHash, randomBytes } from 'node:crypto';
import { request } from 'node:http';
import type { Socket } from 'node:net';
import { BrokenExchange } from './exchange.ts';

/** RFC 6455, 1.3. */
const GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';
const TEXT = 0x1;
const CLOSE = 0x8;
const FINAL = 0x80;
const MASKED = 0x80;
/** Longer payloads have another form of header, which this client neither sends nor expects. */
const LONGEST = 125;

/** The most that opening or one message may take, in ms. */
const LIMIT_MS = 20_000;

/**
 * A client of an echoing websocket: short text messages, one at a time. Node 20 has none and its wire format for
 * them is a few lines (RFC 6455, 5.2).
 */
export class EchoSocket {
  readonly #socket: Socket;
  #buffer: Buffer;
  #take: (() => void) | undefined;
  #broken: Error | undefined;

  static open(url: URL): Promise<EchoSocket> {
    const key = randomBytes(16).toString('base64');
    const accept = createHash('sha1')
      .update(key + GUID)
      .digest('base64');
    const headers = {
      connection: 'Upgrade',
      upgrade: 'websocket',
      'sec-websocket-version': '13',
      'sec-websocket-key': key,
    };
    return new Promise((resolve, reject) => {
      const outgoing = request(url, { headers, agent: false, timeout: LIMIT_MS });
      outgoing.on('timeout', () => outgoing.destroy(new Error(`not open after ${LIMIT_MS} ms`)));
      outgoing.on('error', (error: NodeJS.ErrnoException) =>
        reject(new BrokenExchange(`${error.code ?? error.message} while it opened`, { cause: error })),
      );
      outgoing.on('response', (answer) => {
        answer.resume();
        reject(new BrokenExchange(`status ${answer.statusCode} instead of a websocket`));
      });
      outgoing.on('upgrade', (answer, socket: Socket, head) => {
        if (answer.headers['sec-websocket-accept'] === accept) return resolve(new EchoSocket(socket, head));
        socket.destroy();
        reject(new BrokenExchange('a wrong key in the answer'));
      });
      outgoing.end();
    });
  }

  private constructor(socket: Socket, head: Buffer) {
    this.#socket = socket;
    this.#buffer = head;
    socket.setTimeout(LIMIT_MS, () => socket.destroy(new Error(`nothing for ${LIMIT_MS} ms`)));
    socket.on('data', (chunk: Buffer) => {
      this.#buffer = Buffer.concat([this.#buffer, chunk]);
      this.#take?.();
    });
    socket.on('error', (error) => {
      this.#broken = error;
    });
    socket.on('close', () => {
      this.#broken ??= new Error('closed');
      this.#take?.();
    });
  }

  /** Sends a text and resolves with what comes back. @throws BrokenExchange when the connection breaks */
  async echo(text: string): Promise<string> {
    this.#socket.write(frame(TEXT, Buffer.from(text)));
    const answer = await this.#frame();
    if (answer.opcode === CLOSE) throw new BrokenExchange('closed by the other side');
    return answer.payload.toString('utf8');
  }

  /** The closing handshake (RFC 6455, 7). */
  async close(): Promise<void> {
    this.#socket.write(frame(CLOSE, Buffer.from([0x03, 0xe8])));
    await this.#frame();
    this.#socket.destroy();
  }

  destroy(): void {
    this.#socket.destroy();
  }

  async #frame(): Promise<{ opcode: number; payload: Buffer }> {
    for (;;) {
      const length = this.#buffer[1] ?? 0;
      if (this.#buffer.length >= 2 && this.#buffer.length >= 2 + length) {
        const opcode = (this.#buffer[0] ?? 0) & 0x0f;
        const payload = this.#buffer.subarray(2, 2 + length);
        this.#buffer = this.#buffer.subarray(2 + length);
        return { opcode, payload };
      }
      if (this.#broken) {
        throw new BrokenExchange(`${this.#broken.message} between messages`, { cause: this.#broken });
      }
      await new Promise<void>((resolve) => {
        this.#take = resolve;
      });
    }
  }
}

function frame(opcode: number, payload: Buffer): Buffer {
  if (payload.length > LONGEST) throw new RangeError(`a message of more than ${LONGEST} bytes`);
  const mask = randomBytes(4);
  const masked = payload.map((byte, index) => byte ^ (mask[index % 4] ?? 0));
  return Buffer.concat([Buffer.from([FINAL | opcode, MASKED | payload.length]), mask, masked]);
}
