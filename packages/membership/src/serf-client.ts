import type { MembershipError } from './errors.ts';
import { isMembershipError } from './errors.ts';
import { parseBody, type RpcAddress, RpcConnection } from './rpc-connection.ts';
import {
  IPC_VERSION,
  type KeyReply,
  type MemberRecord,
  MonitorRecord,
  type QueryBody,
  QueryRecord,
  StreamRecord,
} from './wire.ts';

export interface RpcOptions extends RpcAddress {
  /** The agent's `rpc_auth`. */
  authKey: string;
}

export type LogLevel = 'TRACE' | 'DEBUG' | 'INFO' | 'WARN' | 'ERR';

export interface MembersFilter {
  /** Regular expressions (RE2) that must match the whole value; a missing tag is matched as "". */
  tags?: Readonly<Record<string, string>>;
  status?: string;
  name?: string;
}

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
      // Before anything else: the agent takes the body of an unauthenticated command for the next header.
      await connection.call('handshake', { Version: IPC_VERSION });
      await connection.call('auth', { AuthKey: authKey });
    } catch (error) {
      connection.close();
      throw error;
    }
    return new SerfClient(connection);
  }

  /** Everybody that the agent remembers, in no order: itself, the left and the failed included. */
  async members(): Promise<MemberRecord[]> {
    return (await this.#connection.call('members')).Members;
  }

  /** A wrong regular expression ends the connection. */
  async membersFiltered({ tags = {}, status = '', name = '' }: MembersFilter): Promise<MemberRecord[]> {
    const body = { Tags: tags, Status: status, Name: name };
    return (await this.#connection.call('members-filtered', body)).Members;
  }

  /** Sets and deletes tags of the agent's own node. Resolves when others have been told: 100-300 ms, 5 s at most. */
  async tags(tags: Readonly<Record<string, string>>, deleted: readonly string[] = []): Promise<void> {
    await this.#connection.call('tags', { Tags: tags, DeleteTags: deleted });
  }

  /**
   * Exchanges states with the nodes at these addresses (`host`, `host:port`, `[v6]:port`), one after the other, and says
   * with how many it succeeded. An address that does not answer takes 10 s, and all joins of an agent queue up behind it.
   */
  async join(
    addresses: readonly string[],
    options: { replay: boolean } = { replay: false },
  ): Promise<number> {
    return (await this.#connection.call('join', { Existing: addresses, Replay: options.replay })).Num;
  }

  /** Leaves the cluster and ends the agent: 1-2.5 s. */
  async leave(): Promise<void> {
    try {
      await this.#connection.call('leave');
    } catch (error) {
      // The agent may be gone before its answer is out.
      if (!isMembershipError(error, 'RPC_CLOSED')) throw error;
    }
  }

  /** Makes a failed node `left`, or with `prune` forgotten. Never for a live one: it may stay invisible afterwards. */
  async forceLeave(node: string, options: { prune: boolean } = { prune: false }): Promise<void> {
    await this.#connection.call('force-leave', { Node: node, Prune: options.prune });
  }

  /** Fires a user event, at most 512 bytes of name and payload. */
  async event(name: string, payload: Uint8Array, options: { coalesce: boolean }): Promise<void> {
    await this.#connection.call('event', { Name: name, Payload: payload, Coalesce: options.coalesce });
  }

  /**
   * Events from now on, of these types (`member-join`, `user`, `query:NAME`, `*` ...), for the rest of the connection:
   * ending a stream while an event is delivered can crash the agent.
   */
  async stream(types: readonly string[], onEvent: (event: StreamRecord) => void): Promise<void> {
    await this.#connection.subscribe('stream', { Type: types.join(',') }, (record) => {
      onEvent(parseBody(StreamRecord, 'stream', record));
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

  /** The agent's figures by group: `agent`, `runtime`, `serf`, `tags`. */
  stats(): Promise<Record<string, Record<string, string>>> {
    return this.#connection.call('stats');
  }

  /** Which gossip keys (base64) the cluster's nodes hold. Refused without encryption, as are the next three. */
  listKeys(): Promise<KeyReply> {
    return this.#connection.call('list-keys');
  }

  /** Gives every node one more key that it can read. */
  installKey(key: string): Promise<KeyReply> {
    return this.#connection.call('install-key', { Key: key });
  }

  /** Makes every node write with an installed key. */
  useKey(key: string): Promise<KeyReply> {
    return this.#connection.call('use-key', { Key: key });
  }

  /** Takes a key that is not in use from every node. */
  removeKey(key: string): Promise<KeyReply> {
    return this.#connection.call('remove-key', { Key: key });
  }

  close(): void {
    this.#connection.close();
  }
}
