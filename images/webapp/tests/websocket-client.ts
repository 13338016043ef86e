import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import type { Socket } from 'node:net';

export interface Frame {
  readonly opcode: number;
  readonly payload: Buffer;
}

/** RFC 6455, section 5.2. */
export const OPCODE = { text: 1, close: 8, ping: 9, pong: 10 };

/** A websocket that sends and receives single frames; Node 20 has none of its own. */
export class WebsocketClient {
  readonly #socket: Socket;
  #bytes = Buffer.alloc(0);

  static async open(url: URL): Promise<WebsocketClient> {
    const headers = {
      connection: 'Upgrade',
      upgrade: 'websocket',
      'sec-websocket-version': '13',
      'sec-websocket-key': randomBytes(16).toString('base64'),
    };
    const outgoing = request(url, { headers, agent: false }).end();
    const [, socket, head] = (await once(outgoing, 'upgrade')) as [IncomingMessage, Socket, Buffer];
    return new WebsocketClient(socket, head);
  }

  private constructor(socket: Socket, head: Buffer) {
    this.#socket = socket;
    socket.pause();
    socket.unshift(head);
  }

  send(opcode: number, payload: Buffer): void {
    const length = Buffer.alloc(9);
    length[0] = 0x80 | 127;
    length.writeBigUInt64BE(BigInt(payload.length), 1);
    const mask = randomBytes(4);
    const masked = payload.map((byte, at) => byte ^ (mask[at % 4] ?? 0));
    this.#socket.write(Buffer.concat([Buffer.from([0x80 | opcode]), length, mask, masked]));
  }

  /** The next frame, or undefined when the server has ended the connection. */
  async receive(): Promise<Frame | undefined> {
    for (;;) {
      const frame = this.#takeFrame();
      if (frame) return frame;
      const chunk: Buffer | null = this.#socket.read();
      if (chunk) this.#bytes = Buffer.concat([this.#bytes, chunk]);
      else if (this.#socket.readableEnded || this.#socket.destroyed) return undefined;
      else await Promise.race([once(this.#socket, 'readable'), once(this.#socket, 'close')]);
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
