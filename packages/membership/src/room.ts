import { EventEmitter } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { gossipAddressOf } from './address.ts';
import { Agent } from './agent.ts';
import { DEFAULT_GOSSIP_PORT } from './agent-config.ts';
import { Answerer } from './answerer.ts';
import { ask, type SendQuery } from './ask.ts';
import { MembershipError, messageOf } from './errors.ts';
import { Joiner } from './joiner.ts';
import type { Log } from './log.ts';
import { type Attention, Looks } from './looks.ts';
import type { View } from './member.ts';
import { type Change, diffViews } from './member-diff.ts';
import { OneAtATime } from './one-at-a-time.ts';
import type { Queries } from './query.ts';
import { type IsReachable, isReachable } from './reachable.ts';
import { parseSeed, resolveSeeds } from './seeds.ts';
import type { RpcOptions } from './serf-client.ts';
import { TagKeeper } from './tag-keeper.ts';
import { encodeTags, type Tags } from './tags.ts';
import { viewOf } from './view.ts';
import type { MemberRecord } from './wire.ts';

const RESOLVE_LIMIT_MS = 1_000;
/** How long an agent that was just started gets to join before what it sees is taken for the truth. */
const JOIN_LIMIT_MS = 5_000;

export interface RoomOptions {
  /** This node's name, as in its agent's configuration. */
  node: string;
  rpc: RpcOptions;
  /** `host`, `host:port`, `[IPv6]:port`: nodes to join, or names that stand for any number of them. */
  seeds: readonly string[];
  /** The port of a seed that names none; default 7946. */
  gossipPort?: number;
  /** How to find out whether a node can be joined; default: a TCP connection, from where the room's agent is, too. */
  isReachable?: IsReachable;
  /**
   * How soon the view follows what happens to others; default `close`: within milliseconds of the agent, for whoever acts
   * on it. `loose` is for a node that can wait: within some 250 ms, up to 5 s on a machine that is busy, and it spends a
   * fraction of the work, which counts where a host has many nodes. The node's own changes and its entry are as quick.
   */
  attention?: Attention;
  log: Log;
}

/**
 * Who is in the room, as the local Serf agent knows it; and the node's own part in it. It works from any moment on: with an
 * agent that is not there yet, is restarted, or has lost everybody. It emits `view` with the view and what has changed,
 * first when it has tried to join.
 */
export class Room extends EventEmitter<{ view: [View, readonly Change[]] }> {
  readonly queries: Queries;
  readonly #log: Log;
  readonly #node: string;
  readonly #agent: Agent;
  readonly #tags: TagKeeper;
  readonly #joiner: Joiner;
  readonly #answerer: Answerer;
  readonly #isReachable: IsReachable;
  readonly #looks: Looks;
  readonly #entries = new OneAtATime(() => this.#tryToEnter());
  #records: readonly MemberRecord[] = [];
  #view: View | undefined;
  /** Until then the agent may be new and know nobody, so what it shows is no reason to forget anybody. */
  #entered = false;
  /** Counts the lives of the agent, so that what belongs to the last one is not taken for this one's. */
  #life = 0;
  #closed = false;

  /**
   * Returns at once and connects by itself. Tags that are set before anything else are there before the first attempt to
   * join, so that nobody ever sees the node without. Throws `SEED_INVALID`.
   */
  static open(options: RoomOptions): Room {
    return new Room(options);
  }

  private constructor(options: RoomOptions) {
    super();
    const { node, rpc, log, gossipPort = DEFAULT_GOSSIP_PORT, attention = 'close' } = options;
    const seeds = options.seeds.map((seed) => parseSeed(seed, gossipPort));
    this.#log = log;
    this.#node = node;
    this.#isReachable = options.isReachable ?? isReachable;
    this.#answerer = new Answerer(log);
    this.#looks = new Looks({
      attention,
      look: () => this.#look(),
      onFailure: (error) => this.#unlessClosed(error, 'could not look'),
    });
    this.#tags = new TagKeeper((tags, deleted) => this.#agent.tags(tags, deleted), log);
    this.#joiner = new Joiner({
      node,
      resolveSeeds: () => resolveSeeds(seeds, RESOLVE_LIMIT_MS),
      isReachable: this.#isReachable,
      join: (addresses) => this.#agent.join(addresses),
      look: () => this.#looks.now(),
      log,
    });
    this.#joiner.prepare();
    this.#agent = new Agent({
      rpc,
      log,
      onReady: () => void this.#enter(),
      onLost: () => {
        this.#life += 1;
        this.#entered = false;
      },
      onHint: (hint) => {
        // What a line without a name is about may be this node.
        if (hint.node === undefined || hint.node === node) void this.lookAgain();
        else this.#looks.soon();
      },
      onQuery: (query, respond) => {
        this.#looks.soon();
        void this.#answerer.deliver(query, respond);
      },
    });
    const send: SendQuery = (query, signal, onRecord) => this.#agent.query(query, signal, onRecord);
    this.queries = {
      ask: (query, payload, how) => ask({ node, send, log }, query, payload, how),
      answer: (query, handler) => this.#answerer.answer(query, handler),
    };
  }

  /** The last view; undefined until the first look. It stands while the agent is away or joins again. */
  view(): View | undefined {
    return this.#view;
  }

  /**
   * Looks at once whether anything has changed. Resolves with a look that began no earlier than this call, which may
   * take until there is an agent; the view is told before. Never rejects: a look that fails is made up for by the next.
   */
  async lookAgain(): Promise<void> {
    try {
      await this.#looks.now();
    } catch (error) {
      this.#unlessClosed(error, 'could not look');
    }
  }

  /**
   * Has the agent announce these tags from now on, after its restarts too. Resolves when its own record shows them (a few
   * ms; others see them within 200 ms, or by `spread`), or those of a later call. Throws `TAGS_INVALID`, `TAGS_TOO_LONG`,
   * `ROOM_CLOSED`, and `RPC_REFUSED` when the agent would not take them.
   */
  async setTags(tags: Tags): Promise<void> {
    const raw = encodeTags(tags);
    if (this.#closed) throw closedError();
    await this.#tags.set(raw);
  }

  /**
   * Exchanges states at once with these live members, or with all: they see this node's tags after 12 ms (7-19 measured),
   * where gossip takes 130 (71-202). To be called when `setTags` has resolved. Never rejects: what fails is left to gossip.
   */
  async spread(names?: readonly string[]): Promise<void> {
    const wanted = this.#records.filter(
      ({ Name, Status }) => Name !== this.#node && Status === 'alive' && (names?.includes(Name) ?? true),
    );
    const addresses = wanted.map(gossipAddressOf).filter((address) => address !== undefined);
    try {
      const probes = addresses.map(async (address) => ((await this.#isReachable(address)) ? [address] : []));
      const reachable = (await Promise.all(probes)).flat();
      if (reachable.length > 0) await this.#agent.join(reachable);
    } catch (error) {
      this.#log.debug({ names, reason: messageOf(error) }, 'left to gossip');
    }
  }

  /**
   * Ends all connections; the agent stays in the cluster. What is pending rejects with `ROOM_CLOSED`. Resolves when the
   * agent has ended them, too, or after `limitMs` (default 1,000).
   */
  async close(limitMs?: number): Promise<void> {
    this.#closed = true;
    this.#looks.close();
    this.#joiner.close();
    this.#tags.close(closedError());
    await this.#agent.close(limitMs);
  }

  async #enter(): Promise<void> {
    const life = this.#life;
    const isIn = await this.#entries.run().then(
      () => true,
      (error) => {
        this.#unlessClosed(error, 'could not enter');
        return false;
      },
    );
    if (life !== this.#life) return;
    this.#entered = true;
    // What the attempt has seen need not wait for another look.
    if (isIn && !this.#closed) this.#publish(viewOf(this.#records));
    void this.lookAgain();
  }

  async #tryToEnter(): Promise<void> {
    await this.#looks.now();
    // First the tags, then the others: who meets this node sees what it is.
    const told = this.#tags.settled().catch((error) => this.#unlessClosed(error, 'entering without tags'));
    const joined = told.then(() => this.#joiner.round());
    await Promise.race([joined, pause(JOIN_LIMIT_MS, undefined, { ref: false })]);
  }

  async #look(): Promise<void> {
    this.#records = await this.#agent.members();
    const own = this.#records.find(({ Name }) => Name === this.#node);
    this.#tags.seen(own?.Tags);
    this.#joiner.seen(this.#records);
    if (this.#entered && !this.#closed) this.#publish(viewOf(this.#records));
  }

  /** For what is tried again anyway. */
  #unlessClosed(error: unknown, message: string): void {
    if (!this.#closed) this.#log.debug({ reason: messageOf(error) }, message);
  }

  #publish(view: View): void {
    const changes = diffViews(this.#view, view);
    if (this.#view && changes.length === 0) return;
    this.#view = view;
    try {
      this.emit('view', view, changes);
    } catch (error) {
      this.#log.error({ err: error }, 'a listener of the view failed');
    }
  }
}

function closedError(): MembershipError {
  return new MembershipError('ROOM_CLOSED', 'The room was closed');
}
