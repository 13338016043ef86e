import { request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import { TestkitError } from './errors.ts';

export interface RequestOptions {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
  /** The most that the whole exchange may take, in ms. Default 10,000. */
  readonly limitMs?: number;
}

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  text(): string;
  json<T = unknown>(): T;
}

/**
 * One HTTP request on a connection of its own, answered whole or failed within its limit.
 *
 * Node 20's `fetch` is not used: on a published port whose container closes early it may never settle.
 *
 * @throws TestkitError `NO_ANSWER`, with the socket's or the parser's error as its cause
 */
export function request(url: string | URL, options: RequestOptions = {}): Promise<Answer> {
  const { method = 'GET', headers = {}, body, limitMs = 10_000 } = options;
  return new Promise((resolve, reject) => {
    const signal = AbortSignal.timeout(limitMs);
    const fail = (cause: Error) => {
      const why = signal.aborted ? `no whole answer within ${limitMs} ms` : cause.message;
      reject(new TestkitError('NO_ANSWER', `${method} ${url}: ${why}`, { cause }));
    };
    const outgoing = httpRequest(url, { method, headers: { ...headers }, agent: false, signal });
    outgoing.on('error', fail);
    outgoing.on('response', (incoming) => {
      const chunks: Buffer[] = [];
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
      incoming.on('error', fail);
      incoming.on('end', () => {
        const whole = Buffer.concat(chunks);
        resolve({
          status: incoming.statusCode ?? 0,
          headers: incoming.headers,
          body: whole,
          text: () => whole.toString('utf8'),
          json: <T>() => JSON.parse(whole.toString('utf8')) as T,
        });
      });
    });
    outgoing.end(body);
  });
}
