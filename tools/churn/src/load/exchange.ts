import { type Agent, type IncomingHttpHeaders, request } from 'node:http';
import type { Readable } from 'node:stream';

export interface Exchange {
  readonly url: URL;
  readonly method?: string;
  readonly headers?: Record<string, string>;
  readonly body?: Buffer | Readable;
  /** Connections that are kept. Absent: a connection of its own. */
  readonly agent?: Agent;
  /** Called with each part of the answer; return true when that is enough and the connection may go. */
  readonly onPart?: (part: Buffer) => boolean;
}

export interface Answered {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** The most that an exchange may take, in ms: far above any answer that is merely slow. */
const LIMIT_MS = 20_000;

/** The connection broke or stayed silent. `began`: part of the answer was there. */
export class BrokenExchange extends Error {
  override readonly name = 'BrokenExchange';
  readonly began: boolean;

  constructor(why: string, began: boolean, options?: ErrorOptions) {
    super(why, options);
    this.began = began;
  }
}

/** One HTTP exchange. @throws BrokenExchange when there is no whole answer */
export function exchange({ url, method = 'GET', headers, body, agent, onPart }: Exchange): Promise<Answered> {
  return new Promise((resolve, reject) => {
    const outgoing = request(url, { method, headers: { ...headers }, agent: agent ?? false });
    let received = -1;
    let limit: NodeJS.Timeout;
    const fail = (error: NodeJS.ErrnoException) => {
      clearTimeout(limit);
      const when = received < 0 ? 'before an answer' : `after ${received} bytes of the answer`;
      reject(new BrokenExchange(`${error.code ?? error.message} ${when}`, received >= 0, { cause: error }));
    };
    limit = setTimeout(() => outgoing.destroy(new Error(`nothing for ${LIMIT_MS} ms`)), LIMIT_MS);
    outgoing.on('error', fail);
    outgoing.on('response', (incoming) => {
      received = 0;
      const parts: Buffer[] = [];
      const done = () => {
        clearTimeout(limit);
        resolve({ status: incoming.statusCode ?? 0, headers: incoming.headers, body: Buffer.concat(parts) });
      };
      incoming.on('data', (part: Buffer) => {
        received += part.length;
        parts.push(part);
        if (!onPart?.(part)) return;
        done();
        outgoing.destroy();
      });
      incoming.on('error', fail);
      incoming.on('end', done);
    });
    if (body === undefined || Buffer.isBuffer(body)) outgoing.end(body);
    else body.on('error', fail).pipe(outgoing);
  });
}
