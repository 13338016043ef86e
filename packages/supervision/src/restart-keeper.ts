import { isDeepStrictEqual } from 'node:util';
import { type HeldSpell, msLeft, spellOf } from './hold.ts';
import type { ServiceStatus } from './status.ts';
import type { Supervisor } from './supervisor.ts';

/** What the keeper tells of what it does; pino's loggers are such. */
export interface KeeperLog {
  info(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

/** The statuses are looked at when one changes; and so often, should that go unseen. */
const LOOK_EVERY_MS = 60_000;
const LOOK_AFTER_FAILURE_MS = 1_000;

/** Starts held services again when their time is over, and tells of every change of a status. */
export class RestartKeeper {
  readonly #supervisor: Supervisor;
  readonly #log: KeeperLog;
  readonly #spells = new Map<string, HeldSpell>();
  #statuses: readonly ServiceStatus[] = [];
  #changed: (statuses: readonly ServiceStatus[]) => void = () => undefined;
  #next: NodeJS.Timeout | undefined;
  #looking: Promise<void> | undefined;
  #lookAgain = false;
  #unwatch: (() => void) | undefined;

  constructor(supervisor: Supervisor, log: KeeperLog) {
    this.#supervisor = supervisor;
    this.#log = log;
  }

  /** Begins. `changed` gets the statuses of all services, at first and whenever one of them is another. */
  watch(changed: (statuses: readonly ServiceStatus[]) => void): void {
    this.#changed = changed;
    this.#unwatch = this.#supervisor.watch(() => this.#look());
    this.#look();
  }

  /** Held services stay down until another keeper comes. */
  close(): void {
    this.#unwatch?.();
    this.#unwatch = undefined;
    clearTimeout(this.#next);
  }

  /** One look at a time; what changes during one is seen by the next. */
  #look(): void {
    if (this.#looking) {
      this.#lookAgain = true;
      return;
    }
    clearTimeout(this.#next);
    this.#looking = this.#lookOnce().then((waitMs) => {
      this.#looking = undefined;
      if (!this.#unwatch) return;
      this.#next = setTimeout(() => this.#look(), this.#lookAgain ? 0 : waitMs);
      this.#lookAgain = false;
    });
  }

  /** @returns when to look again, in ms */
  async #lookOnce(): Promise<number> {
    try {
      const statuses = await this.#supervisor.statuses();
      if (!this.#unwatch) return 0;
      if (!isDeepStrictEqual(statuses, this.#statuses)) {
        this.#statuses = statuses;
        this.#changed(statuses);
      }
      const waits = await Promise.all(statuses.map((status) => this.#keep(status)));
      return Math.min(LOOK_EVERY_MS, ...waits);
    } catch (err) {
      this.#log.error({ err }, 'the services could not be looked at; trying again');
      return LOOK_AFTER_FAILURE_MS;
    }
  }

  /** Lets a service go that has been held for long enough. @returns how long it is to be held on, in ms */
  async #keep(status: ServiceStatus): Promise<number> {
    if (!status.held) return Number.POSITIVE_INFINITY;
    const { name } = status;
    const holdMs = ((await this.#supervisor.holdSeconds(name)) ?? 0) * 1000;
    const spell = spellOf(status, this.#spells.get(name), holdMs);
    if (!spell) return Number.POSITIVE_INFINITY;
    const left = msLeft(spell, Date.now());
    if (left > 0) {
      this.#spells.set(name, spell);
      return left;
    }
    this.#log.info({ held: name, forMs: spell.forMs }, 'trying again a service that was held');
    await this.#supervisor.up(name);
    this.#spells.set(name, { ...spell, releasedAt: Date.now() });
    return Number.POSITIVE_INFINITY;
  }
}
