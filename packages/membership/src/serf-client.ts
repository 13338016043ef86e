import type { MembershipError } from './errors.ts';
import { parseBody, type RpcAddress, RpcConnection } from './rpc-connection.ts';
import {
  IPC_VERSION,
  type MemberRecord,
  MonitorRecord,
  type QueryBody,
  QueryEventRecord,
  QueryRecord,
} from './wire.ts';

export interface RpcOptions extends RpcAddress {
  /** The agent's `rpc_auth`. */
  authKey: string;
}

export type LogLevel = 'TRACE' | 'DEBUG' | 'INFO' | 'WARN' | 'ERR';

/**
 * A typed connection to one Serf agent. Every method throws `MembershipError`: `RPC_REFUSED` with the agent's words,
 * `RPC_CLOSED`, `RPC_TIMEOUT` or `RPC_GARBLED`. Commands run in the order they are given, each after the one before:
 * what must not wait behind a slow one needs a connection of its own.
 */
export class SerfClient {
  /** Resolves when the connection has ended, with the reason; never rejects. */
  readonly closed: Promise<MembershipError>;
  readonly #connection: RpcConnection;

  private constructor(connection: RpcConnection) {
    this.#connection = connection;
    this.closed = connection.closed;
  }

  /** Connects and authenticates. Throws `RPC_UNREACHABLE` or `RPC_UNAUTHORIZED`, too. */
  static async connect({ authKey, ...address }: RpcOptions): Promise<SerfClient> {
    const connection = await RpcConnection.open(address);
    try {
      // In one go, as the agent takes one after the other; and before anything else, as it takes the body of an
      // unauthenticated command for the next header.
      await Promise.all([
        connection.call('handshake', { Version: IPC_VERSION }),
        connection.call('auth', { AuthKey: authKey }),
      ]);
    } catch (error) {
      void connection.close();
      throw error;
    }
    return new SerfClient(connection);
  }

  /** Everybody that the agent remembers, in no order: itself, the left and the failed included. */
  async members(): Promise<MemberRecord[]> {
    return (await this.#connection.call('members')).Members;
  }

  /** Sets and deletes tags of the agent's own node. Resolves when others have been told: 100-300 ms, 5 s at most. */
  async tags(tags: Readonly<Record<string, string>>, deleted: readonly string[] = []): Promise<void> {
    await this.#connection.call('tags', { Tags: tags, DeleteTags: deleted });
  }

  /**
   * Exchanges states with the nodes at these addresses (`host`, `host:port`, `[v6]:port`), one after the other, and says
   * with how many it succeeded. An address that does not answer takes 10 s, and all joins of an agent queue up behind it.
   */
  async join(addresses: readonly string[]): Promise<number> {
    return (await this.#connection.call('join', { Existing: addresses, Replay: false })).Num;
  }

  /**
   * Queries from now on, for the rest of the connection: ending a stream while an event is delivered can crash the
   * agent.
   */
  async queries(onQuery: (query: QueryEventRecord) => void): Promise<void> {
    await this.#connection.subscribe('stream', { Type: 'query' }, (record) => {
      onQuery(parseBody(QueryEventRecord, 'stream', record));
      return 'more';
    });
  }

  /** The agent's log, from the last 512 lines on. One per connection. */
  async monitor(level: LogLevel, onLine: (line: string) => void): Promise<void> {
    await this.#connection.subscribe('monitor', { LogLevel: level }, (record) => {
      onLine(parseBody(MonitorRecord, 'monitor', record).Log);
      return 'more';
    });
  }

  /** Sends a query, at most 1,024 bytes with its filters; records come until the one of type `done`. */
  async query(query: QueryBody, onRecord: (record: QueryRecord) => void): Promise<void> {
    await this.#connection.subscribe('query', query, (body) => {
      const record = parseBody(QueryRecord, 'query', body);
      onRecord(record);
      return record.Type === 'done' ? 'last' : 'more';
    });
  }

  /** Answers a query that this connection's stream delivered, once, before its deadline; at most 1,024 bytes. */
  async respond(id: number, payload: Uint8Array): Promise<void> {
    await this.#connection.call('respond', { ID: id, Payload: payload });
  }

  /** Resolves when the agent has ended the connection, too, or after `limitMs` (default 1,000). */
  async close(limitMs?: number): Promise<void> {
    await this.#connection.close(limitMs);
  }
}
