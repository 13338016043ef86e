import { isDeepStrictEqual } from 'node:util';
import { type Deferred, defer } from './deferred.ts';
import { isMembershipError, messageOf } from './errors.ts';
import type { Log } from './log.ts';

type RawTags = Readonly<Record<string, string>>;

/** Hands tags to the agent and has it delete others; resolves late, when other nodes have been told. */
export type ApplyTags = (tags: RawTags, deleted: readonly string[]) => Promise<void>;

/**
 * Keeps the agent at the tags that are desired: compares them with its own record at each look, so that a restarted agent,
 * which has forgotten them, gets them again.
 */
export class TagKeeper {
  readonly #apply: ApplyTags;
  readonly #log: Log;
  #desired: RawTags | undefined;
  /** As of the last look. */
  #own: RawTags | undefined;
  /** Given to the agent, and neither seen in its record nor refused yet. */
  #underWay: RawTags | undefined;
  #waiting: Deferred<void> | undefined;

  constructor(apply: ApplyTags, log: Log) {
    this.#apply = apply;
    this.#log = log;
  }

  /**
   * Resolves when the agent's own record shows these tags, or later ones that took their place. Rejects with `RPC_REFUSED`
   * when the agent would not take them.
   */
  set(tags: RawTags): Promise<void> {
    this.#desired = tags;
    this.#compare();
    return this.settled();
  }

  /** Resolves when the agent has the tags that are desired; at once when none are. */
  settled(): Promise<void> {
    if (this.#isSettled()) return Promise.resolve();
    this.#waiting ??= defer();
    return this.#waiting.promise;
  }

  /** To be told at each look what the agent's own record says; undefined when there is none. */
  seen(own: RawTags | undefined): void {
    this.#own = own;
    if (isDeepStrictEqual(own, this.#underWay)) this.#underWay = undefined;
    this.#compare();
  }

  close(reason: Error): void {
    this.#waiting?.reject(reason);
  }

  #isSettled(): boolean {
    if (this.#desired === undefined) return true;
    return this.#underWay === undefined && isDeepStrictEqual(this.#own, this.#desired);
  }

  #compare(): void {
    if (this.#isSettled()) {
      this.#waiting?.resolve();
      this.#waiting = undefined;
    } else if (this.#own && this.#desired && !this.#underWay) {
      // Never while others are under way: the agent might apply those after these.
      void this.#give(this.#desired, this.#own);
    }
  }

  async #give(tags: RawTags, own: RawTags): Promise<void> {
    this.#underWay = tags;
    try {
      await this.#apply(
        tags,
        Object.keys(own).filter((key) => !(key in tags)),
      );
    } catch (error) {
      // Once the tags are in its record, all that failed is the wait for others to hear of them.
      if (this.#underWay === tags && isMembershipError(error, 'RPC_REFUSED')) {
        this.#log.warn({ tags, reason: messageOf(error) }, 'the agent refused the tags');
        this.#waiting?.reject(error);
        this.#waiting = undefined;
      }
    } finally {
      if (this.#underWay === tags) this.#underWay = undefined;
    }
  }
}
