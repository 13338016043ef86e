import { createServer, type Server, type Socket } from 'node:net';
import { decodeMultiStream, encode } from '@msgpack/msgpack';
import type { RpcOptions } from './serf-client.ts';

export interface Request {
  command: string;
  seq: number;
  body: unknown;
}

export interface Connection {
  /** Sends a header, and a body if there is one. */
  reply(seq: number, body?: unknown, error?: string): void;
  sendRaw(bytes: Uint8Array): void;
  end(): void;
}

/** Speaks Serf's RPC as no real agent does: the wrong way, or not at all. It greets like a real one. */
export class FakeAgent {
  /** How many connections there have been. */
  connections = 0;
  /** Of those that are over: whether the other side ended them or cut them off. */
  readonly endings: ('ended' | 'cut off')[] = [];
  #down = false;
  #holding = false;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #behave: (request: Request, connection: Connection) => void;

  private constructor(behave: (request: Request, connection: Connection) => void) {
    this.#behave = behave;
    this.#server = createServer({ allowHalfOpen: true }, (socket) => this.#serve(socket));
  }

  static async listen(behave: (request: Request, connection: Connection) => void): Promise<FakeAgent> {
    const agent = new FakeAgent(behave);
    await new Promise<void>((resolve, reject) => {
      agent.#server.once('error', reject);
      agent.#server.listen(0, '127.0.0.1', resolve);
    });
    return agent;
  }

  get rpc(): RpcOptions {
    const address = this.#server.address();
    if (address === null || typeof address === 'string') throw new Error('The fake agent does not listen');
    return { host: '127.0.0.1', port: address.port, authKey: 'fake' };
  }

  /** Ends all connections, and each new one at once, until `up`. */
  down(): void {
    this.#down = true;
    for (const socket of this.#sockets) socket.destroy();
  }

  up(): void {
    this.#down = false;
  }

  /** From now on, no connection is ended that the other side has ended. */
  hold(): void {
    this.#holding = true;
  }

  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    this.down();
    await closed;
  }

  async #serve(socket: Socket): Promise<void> {
    this.connections += 1;
    socket.on('error', () => {});
    socket.on('close', (hadError) => {
      this.#sockets.delete(socket);
      this.endings.push(hadError ? 'cut off' : 'ended');
    });
    if (this.#down) {
      socket.destroy();
      return;
    }
    this.#sockets.add(socket);
    const connection: Connection = {
      reply(seq, body, error = '') {
        socket.write(encode({ Seq: seq, Error: error }));
        if (body !== undefined) socket.write(encode(body));
      },
      sendRaw: (bytes) => socket.write(bytes),
      end: () => socket.end(),
    };
    let header: { Command: string; Seq: number } | undefined;
    try {
      for await (const value of decodeMultiStream(socket.iterator({ destroyOnReturn: false }))) {
        header ??= value as { Command: string; Seq: number };
        const whole = value !== header || header.Command === 'members';
        if (!whole) continue;
        const { Command: command, Seq: seq } = header;
        header = undefined;
        if (command === 'handshake' || command === 'auth') connection.reply(seq);
        else this.#behave({ command, seq, body: value }, connection);
      }
    } catch {
      // The client has gone.
    }
    if (!this.#holding) socket.end();
  }
}
