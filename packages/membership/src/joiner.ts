import { gossipAddressOf } from './address.ts';
import { Backoff } from './backoff.ts';
import { messageOf } from './errors.ts';
import type { Log } from './log.ts';
import { OneAtATime } from './one-at-a-time.ts';
import type { IsReachable } from './reachable.ts';
import type { MemberRecord } from './wire.ts';

/** So that one that does not answer keeps no other waiting. */
const PROBES_AT_ONCE = 3;
const LEAST_PAUSE_MS = 100;
const MOST_PAUSE_MS = 1_000;
const SEEDS_CHECK_MS = 30_000;

export interface JoinerOptions {
  /** This node's name. */
  node: string;
  resolveSeeds(): Promise<readonly string[]>;
  isReachable: IsReachable;
  join(addresses: readonly string[]): Promise<number>;
  /** Has the joiner told by `seen` of what is so now. */
  look(): Promise<void>;
  log: Log;
}

/**
 * Brings the node into the room and back into it: whenever nobody else is alive, it tries the addresses that it knew
 * and those of the seeds, until somebody is. Every 30 s it sees whether each seed is a member, so that two halves of
 * a cluster that never met, or lost each other for good, become one.
 */
export class Joiner {
  readonly #options: JoinerOptions;
  readonly #rounds = new OneAtATime(() => this.#round());
  readonly #backoff = new Backoff(LEAST_PAUSE_MS, MOST_PAUSE_MS);
  /** Where others were found when there were any. */
  #known: readonly string[] = [];
  /** The addresses of those that are in the room now, the node's own included. */
  #present: ReadonlySet<string> = new Set();
  #alone = true;
  /** The seeds' addresses for the next round. */
  #prepared: Promise<readonly string[]> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(options: JoinerOptions) {
    this.#options = options;
  }

  /** To be told at each look who is there. */
  seen(records: readonly MemberRecord[]): void {
    const { node, log } = this.#options;
    const here = records.filter(({ Status }) => Status === 'alive' || Status === 'leaving');
    const others = here.filter(({ Name }) => Name !== node);
    const alone = others.length === 0;
    this.#present = new Set(addressesOf(here));
    if (!alone) this.#known = addressesOf(others);
    if (alone === this.#alone) return;
    this.#alone = alone;
    this.#backoff.reset();
    log.info(
      { others: others.length },
      alone ? 'nobody else is left in the room' : 'in the room with others',
    );
    if (alone) this.#schedule(0);
  }

  /** To be called as early as can be: names take a while to resolve, and the first round has them then. */
  prepare(): void {
    this.#prepared = this.#options.resolveSeeds();
  }

  /** Tries once, now. Resolves when the attempt is over, whatever came of it. */
  async round(): Promise<void> {
    await this.#rounds.run();
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
  }

  async #round(): Promise<void> {
    if (this.#alone) await this.#join(this.#known);
    const seeds = this.#prepared ?? this.#options.resolveSeeds();
    this.#prepared = undefined;
    await this.#join(await seeds);
    this.#schedule(this.#alone ? this.#backoff.next() : SEEDS_CHECK_MS);
  }

  /**
   * One exchange after the other, until each address is a member's or was tried. Each is with one address alone: it
   * teaches everything that the other side knows, while a further one takes as long again.
   */
  async #join(addresses: readonly string[]): Promise<void> {
    const { join, look, log } = this.#options;
    let untried = shuffled(addresses);
    while (!this.#closed) {
      untried = untried.filter((address) => !this.#present.has(address));
      const probed = untried.slice(0, PROBES_AT_ONCE);
      if (probed.length === 0) return;
      const address = await this.#firstReachable(probed);
      untried = untried.filter((each) => (address ? each !== address : !probed.includes(each)));
      if (address === undefined) continue;
      try {
        await join([address]);
        await look();
      } catch (error) {
        log.debug({ address, reason: messageOf(error) }, 'could not join');
      }
    }
  }

  /** The first to answer; undefined when none does. */
  async #firstReachable(addresses: readonly string[]): Promise<string | undefined> {
    const probes = addresses.map(async (address) => {
      if (await this.#options.isReachable(address)) return address;
      throw new Error(`${address} does not answer`);
    });
    return await Promise.any(probes).catch(() => undefined);
  }

  #schedule(pauseMs: number): void {
    clearTimeout(this.#timer);
    if (this.#closed) return;
    this.#timer = setTimeout(() => void this.round(), pauseMs);
  }
}

function addressesOf(records: readonly MemberRecord[]): string[] {
  return records.map(gossipAddressOf).filter((address) => address !== undefined);
}

/** So that not everybody asks the same one. */
function shuffled<T>(items: readonly T[]): T[] {
  return items
    .map((item) => ({ item, at: Math.random() }))
    .sort((a, b) => a.at - b.at)
    .map(({ item }) => item);
}
