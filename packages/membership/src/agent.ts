import { type Hint, readHint } from './hint.ts';
import type { Log } from './log.ts';
import { ReconnectingClient } from './reconnecting-client.ts';
import { type RpcOptions, SerfClient } from './serf-client.ts';
import type { MemberRecord, QueryBody, QueryEventRecord, QueryRecord } from './wire.ts';

export interface AgentOptions {
  rpc: RpcOptions;
  log: Log;
  /** The event lane is (again) listening: from here on nothing is missed; what was before has to be asked for. */
  onReady(): void;
  /** It is not any more, and may miss anything. */
  onLost(): void;
  /** Something about the members may have changed. */
  onHint(hint: Hint): void;
  /** A query that wants an answer by `respond`, of at most 1,024 bytes. */
  onQuery(query: QueryEventRecord, respond: (payload: Uint8Array) => Promise<void>): void;
}

/**
 * The local Serf agent, over as many connections as it takes that nothing waits for something slower: one that listens for
 * the agent's whole life, one for quick questions, and one for each slow command. All of them survive its restart.
 */
export class Agent {
  readonly #rpc: RpcOptions;
  readonly #events: ReconnectingClient;
  readonly #quick: ReconnectingClient;
  readonly #slow = new Set<SerfClient>();

  constructor({ rpc, log, onReady, onLost, onHint, onQuery }: AgentOptions) {
    const where = `${rpc.host}:${rpc.port}`;
    let known = false;
    this.#rpc = rpc;
    this.#events = new ReconnectingClient({
      rpc,
      prepare: async (client) => {
        const queries = client.queries((query) => {
          onQuery(query, (payload) => client.respond(query.ID, payload));
        });
        const monitor = client.monitor('DEBUG', (line) => {
          const hint = readHint(line);
          if (hint) onHint(hint);
        });
        await Promise.all([queries, monitor]);
      },
      onReady: () => {
        log.info({ agent: where }, known ? 'the Serf agent is back' : 'connected to the Serf agent');
        known = true;
        onReady();
      },
      onOutage: (reason) => {
        if (known) log.warn({ agent: where, reason }, 'lost the Serf agent, trying again');
        else log.info({ agent: where, reason }, 'waiting for the Serf agent');
        onLost();
      },
    });
    this.#quick = new ReconnectingClient({
      rpc,
      onOutage: (reason) => log.debug({ agent: where, reason }, 'the connection for questions was lost'),
    });
  }

  /** Waits for the agent. Throws `RPC_CLOSED`, `RPC_TIMEOUT` when it fails meanwhile, `ROOM_CLOSED`. */
  async members(): Promise<MemberRecord[]> {
    return (await this.#quick.client()).members();
  }

  /** Waits for the agent as long as `signal` allows; resolves when the query is on its way. */
  async query(query: QueryBody, signal: AbortSignal, onRecord: (record: QueryRecord) => void): Promise<void> {
    const client = await this.#quick.client();
    if (!signal.aborted) await client.query(query, onRecord);
  }

  /** Resolves when others have been told of the tags: 100-300 ms, 5 s at most. */
  tags(tags: Readonly<Record<string, string>>, deleted: readonly string[]): Promise<void> {
    return this.#slowly((client) => client.tags(tags, deleted));
  }

  /** Resolves with the number of addresses that it could exchange states with. */
  join(addresses: readonly string[]): Promise<number> {
    return this.#slowly((client) => client.join(addresses));
  }

  /** Resolves when the agent has ended all connections, too, or after `limitMs`. */
  async close(limitMs?: number): Promise<void> {
    const all = [this.#events, this.#quick, ...this.#slow];
    await Promise.all(all.map((client) => client.close(limitMs)));
  }

  /** A connection costs 1 ms; what runs on it, hundreds. So a slow command never waits for another. */
  async #slowly<T>(command: (client: SerfClient) => Promise<T>): Promise<T> {
    const client = await SerfClient.connect(this.#rpc);
    this.#slow.add(client);
    try {
      return await command(client);
    } finally {
      this.#slow.delete(client);
      void client.close();
    }
  }
}
