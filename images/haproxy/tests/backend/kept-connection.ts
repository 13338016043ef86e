import { connect, type Socket } from 'node:net';
import { until } from '@rollcall/testkit';

/** A client's connection on which the test writes HTTP itself. */
export class KeptConnection {
  readonly #socket: Socket;
  #received = '';
  #isClosed = false;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('data', (chunk) => {
      this.#received += chunk.toString('latin1');
    });
    socket.on('error', () => {});
    socket.on('close', () => {
      this.#isClosed = true;
    });
  }

  static open(url: string): Promise<KeptConnection> {
    const { hostname, port } = new URL(url);
    return new Promise((resolve, reject) => {
      const socket = connect(Number(port), hostname, () => resolve(new KeptConnection(socket)));
      socket.once('error', reject);
    });
  }

  write(text: string): void {
    this.#socket.write(text);
  }

  /** Sends a GET and gives the answer, headers and all. The connection is kept. */
  async get(path: string): Promise<string> {
    this.write(`GET ${path} HTTP/1.1\r\nHost: ha\r\n\r\n`);
    return await this.read(/\r\n\r\n.*\}$/s);
  }

  async upgrade(cookie: string): Promise<void> {
    const headers = [
      'GET /socket HTTP/1.1',
      'Host: ha',
      `Cookie: ${cookie}`,
      'Connection: Upgrade',
      'Upgrade: websocket',
      'Sec-WebSocket-Version: 13',
      'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
    ];
    this.write(`${headers.join('\r\n')}\r\n\r\n`);
    await this.read(/^HTTP\/1\.1 101 .*\r\n\r\n$/s);
  }

  /** Waits for what matches. @returns all that came since the last read */
  async read(expected: RegExp): Promise<string> {
    const received = await until(`${expected} on a connection`, () => this.#received, {
      accept: (text) => expected.test(text),
    });
    this.#received = '';
    return received;
  }

  async untilClosed(): Promise<void> {
    await until('the other side to close the connection', () => this.#isClosed);
  }

  end(): void {
    this.#socket.end();
  }
}
