import { setTimeout as pause } from 'node:timers/promises';
import { Backoff } from './backoff.ts';
import { type Deferred, defer } from './deferred.ts';
import { MembershipError, messageOf } from './errors.ts';
import { type RpcOptions, SerfClient } from './serf-client.ts';

const LEAST_PAUSE_MS = 50;
const MOST_PAUSE_MS = 1_000;

export interface ReconnectingOptions {
  rpc: RpcOptions;
  /** What each new connection needs before it is used, such as its subscriptions. */
  prepare?(client: SerfClient): Promise<void>;
  onReady?(): void;
  /** The first failure of an outage; more attempts follow, after 50 ms at first and at last each second. */
  onOutage(reason: string): void;
}

/** A connection to the agent that is made again whenever it ends, until `close()`. */
export class ReconnectingClient {
  readonly #options: ReconnectingOptions;
  readonly #closing = new AbortController();
  #client: Deferred<SerfClient> = defer();

  constructor(options: ReconnectingOptions) {
    this.#options = options;
    void this.#keepConnected();
  }

  /** The connection, as soon as there is one. Throws `ROOM_CLOSED` after `close()`. */
  client(): Promise<SerfClient> {
    return this.#client.promise;
  }

  /** Resolves when the agent has ended the connection, too, or after `limitMs`. */
  async close(limitMs?: number): Promise<void> {
    const reason = new MembershipError('ROOM_CLOSED', 'The room was closed');
    this.#closing.abort(reason);
    const last = this.#client;
    const closed = last.promise.then(
      (client) => client.close(limitMs),
      () => {},
    );
    last.reject(reason);
    this.#client = defer();
    this.#client.reject(reason);
    await closed;
  }

  async #keepConnected(): Promise<void> {
    const backoff = new Backoff(LEAST_PAUSE_MS, MOST_PAUSE_MS);
    let outage = false;
    while (!this.#closing.signal.aborted) {
      let reason: unknown;
      try {
        const client = await this.#connect();
        outage = false;
        backoff.reset();
        reason = await client.closed;
      } catch (error) {
        reason = error;
      }
      if (this.#closing.signal.aborted) return;
      if (!outage) this.#options.onOutage(messageOf(reason));
      outage = true;
      await pause(backoff.next(), undefined, { signal: this.#closing.signal }).catch(() => {});
    }
  }

  async #connect(): Promise<SerfClient> {
    const client = await SerfClient.connect(this.#options.rpc);
    try {
      await this.#options.prepare?.(client);
      this.#closing.signal.throwIfAborted();
    } catch (error) {
      void client.close();
      throw error;
    }
    this.#client.resolve(client);
    void client.closed.then(() => {
      if (!this.#closing.signal.aborted) this.#client = defer();
    });
    this.#options.onReady?.();
    return client;
  }
}
