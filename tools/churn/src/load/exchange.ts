import { type Agent, type IncomingHttpHeaders, request } from 'node:http';
import type { Readable } from 'node:stream';

export interface Exchange {
  readonly url: URL;
  readonly method?: string;
  readonly headers?: Record<string, string>;
  readonly body?: Buffer | Readable;
  /** Connections that are kept. Absent: a connection of its own. */
  readonly agent?: Agent;
}

export interface Answered {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** The most that an exchange may take, in ms: far above any answer that is merely slow. */
export const LIMIT_MS = 60_000;

/** The connection broke or stayed silent: there is no whole answer. */
export class BrokenExchange extends Error {
  override readonly name = 'BrokenExchange';
}

/** One HTTP exchange. @throws BrokenExchange when there is no whole answer */
export function exchange({ url, method = 'GET', headers, body, agent }: Exchange): Promise<Answered> {
  return new Promise((resolve, reject) => {
    const outgoing = request(url, { method, headers: { ...headers }, agent: agent ?? false });
    let received = -1;
    let limit: NodeJS.Timeout;
    const fail = (error: NodeJS.ErrnoException) => {
      clearTimeout(limit);
      const when = received < 0 ? 'before an answer' : `after ${received} bytes of the answer`;
      reject(new BrokenExchange(`${error.code ?? error.message} ${when}`, { cause: error }));
    };
    limit = setTimeout(() => outgoing.destroy(new Error(`nothing for ${LIMIT_MS} ms`)), LIMIT_MS);
    outgoing.on('error', fail);
    outgoing.on('response', (incoming) => {
      received = 0;
      const parts: Buffer[] = [];
      incoming.on('data', (part: Buffer) => {
        received += part.length;
        parts.push(part);
      });
      incoming.on('error', fail);
      incoming.on('end', () => {
        clearTimeout(limit);
        resolve({ status: incoming.statusCode ?? 0, headers: incoming.headers, body: Buffer.concat(parts) });
      });
    });
    if (body === undefined || Buffer.isBuffer(body)) outgoing.end(body);
    else body.on('error', fail).pipe(outgoing);
  });
}
