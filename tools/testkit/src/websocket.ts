import { createHash, randomBytes } from 'node:crypto';
import { request } from 'node:http';
import type { Socket } from 'node:net';

/** RFC 6455, 5.2. */
export const OPCODE = { text: 1, close: 8, ping: 9, pong: 10 };

export interface Frame {
  readonly opcode: number;
  readonly payload: Buffer;
}

/** RFC 6455, 1.3. */
const HANDSHAKE_GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';
const FINAL = 0x80;
const MASKED = 0x80;
const LENGTH_IN_8_BYTES = 127;

/** A websocket that sends and receives single frames; Node 20 has none of its own. */
export class Websocket {
  readonly #socket: Socket;
  #bytes: Buffer;
  #ended = false;
  #wake: () => void = () => {};

  /**
   * @param limitMs the most that it may take to open, and that the other side may be silent then
   * @throws Error with the connection's `code`, or telling what was answered instead
   */
  static open(url: URL, { limitMs = 20_000 } = {}): Promise<Websocket> {
    const key = randomBytes(16).toString('base64');
    const headers = {
      connection: 'Upgrade',
      upgrade: 'websocket',
      'sec-websocket-version': '13',
      'sec-websocket-key': key,
    };
    return new Promise((resolve, reject) => {
      const outgoing = request(url, { headers, agent: false });
      outgoing.setTimeout(limitMs, () => outgoing.destroy(new Error(`not open after ${limitMs} ms`)));
      outgoing.on('error', reject);
      outgoing.on('response', (answer) => {
        outgoing.destroy();
        reject(new Error(`status ${answer.statusCode} instead of a websocket`));
      });
      outgoing.on('upgrade', (answer, socket: Socket, head) => {
        const accept = createHash('sha1').update(`${key}${HANDSHAKE_GUID}`).digest('base64');
        if (answer.headers['sec-websocket-accept'] === accept) {
          socket.setTimeout(limitMs, () => socket.destroy());
          resolve(new Websocket(socket, head));
        } else {
          socket.destroy();
          reject(new Error('a wrong key in the answer'));
        }
      });
      outgoing.end();
    });
  }

  private constructor(socket: Socket, head: Buffer) {
    this.#socket = socket;
    this.#bytes = head;
    socket.on('data', (chunk: Buffer) => {
      this.#bytes = Buffer.concat([this.#bytes, chunk]);
      this.#wake();
    });
    for (const event of ['error', 'end', 'close']) {
      socket.on(event, () => {
        this.#ended = true;
        this.#wake();
      });
    }
  }

  send(opcode: number, payload: Buffer): void {
    const length = Buffer.alloc(9);
    length[0] = MASKED | LENGTH_IN_8_BYTES;
    length.writeBigUInt64BE(BigInt(payload.length), 1);
    const mask = randomBytes(4);
    const masked = payload.map((byte, at) => byte ^ (mask[at % 4] ?? 0));
    this.#socket.write(Buffer.concat([Buffer.from([FINAL | opcode]), length, mask, masked]));
  }

  /** The next frame, or undefined when the connection has ended. */
  async receive(): Promise<Frame | undefined> {
    for (;;) {
      const frame = this.#takeFrame();
      if (frame || this.#ended) return frame;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  close(): void {
    this.#socket.destroy();
  }

  #takeFrame(): Frame | undefined {
    const bytes = this.#bytes;
    const [first = 0, short = 0] = bytes;
    const start = { 126: 4, 127: 10 }[short] ?? 2;
    if (bytes.length < start) return undefined;
    const length = start === 2 ? short : Number(`0x${bytes.toString('hex', 2, start)}`);
    if (bytes.length < start + length) return undefined;
    this.#bytes = bytes.subarray(start + length);
    return { opcode: first & 0x0f, payload: bytes.subarray(start, start + length) };
  }
}
