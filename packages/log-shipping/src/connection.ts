import { connect, type Socket } from 'node:net';
import type { Collector } from './collector.ts';

/** A collector that does nothing for so long is taken for one that is away. */
const PATIENCE_MS = 30_000;
const CONNECT_MS = 3000;

/**
 * One connection to the collector. Syslog knows no answer, so what was sent is only known to have been read when the
 * collector, having read it to the end, closes its side too.
 */
export class Connection {
  readonly #socket: Socket;
  readonly #broken: Promise<never>;
  readonly #closed: Promise<void>;
  #ending = false;

  static async open(collector: Collector): Promise<Connection> {
    const socket = connect({ ...collector, timeout: CONNECT_MS });
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', resolve);
      socket.once('error', reject);
      socket.once('timeout', () => socket.destroy(new Error('no answer')));
    });
    return new Connection(socket);
  }

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.setTimeout(PATIENCE_MS, () => socket.destroy(new Error('it reads nothing')));
    socket.resume();
    let closed = () => {};
    this.#closed = new Promise((resolve) => {
      closed = resolve;
    });
    this.#broken = new Promise((_, reject) => {
      socket.on('error', reject);
      socket.on('end', () => {
        if (this.#ending) closed();
        else reject(new Error('it closed the connection'));
      });
    });
    this.#broken.catch(() => {});
  }

  /** Resolves when there is room for more. */
  async send(bytes: Buffer): Promise<void> {
    const sent = new Promise<void>((resolve) => this.#socket.write(bytes, () => resolve()));
    await Promise.race([sent, this.#broken]);
  }

  /** Resolves when the collector has read all. */
  async finish(): Promise<void> {
    this.#ending = true;
    this.#socket.end();
    await Promise.race([this.#closed, this.#broken]);
  }

  destroy(): void {
    this.#socket.destroy();
  }

  /** For what is done while the connection is open. */
  async whileOpen(wait: Promise<void>): Promise<void> {
    await Promise.race([wait, this.#broken]);
  }
}
