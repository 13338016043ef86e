import { existsSync, statSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { Connection } from './connection.ts';
import { lineOf } from './record.ts';
import { endedMark } from './segments.ts';
import type { ShippingSettings } from './settings.ts';
import { type Batch, SpoolReader } from './spool-reader.ts';
import { syslogFrame } from './syslog-message.ts';

/** The spool is looked at: a host gives all its containers together only few watches of the other kind. */
const LOOK_MS = 200;

/** What is sent over one connection, at most: as much is sent again when it breaks. */
const CONNECTION_BYTES = 1_000_000;
const CONNECTION_MS = 5000;

const FIRST_RETRY_MS = 200;
const LONGEST_RETRY_MS = 5000;

/** For a stop by hand, which is not the container's. */
const STOP_ALONE_MS = 2000;

/** A container with a long drain is not kept by its logs. */
const LONGEST_STOP_MS = 50_000;

/** Sends what the spool holds to the collector, and again until it has it. */
export class Shipper {
  readonly #settings: ShippingSettings;
  readonly #say: (text: string) => void;
  readonly #reader: SpoolReader;
  readonly #name: string;
  readonly #stop = new AbortController();
  #away = false;
  /** Lines that are read again are not told of again. */
  #toldLossBefore = 0;

  /** @param say gets a line for the log */
  constructor(settings: ShippingSettings, say: (text: string) => void) {
    this.#settings = settings;
    this.#say = say;
    this.#reader = new SpoolReader(settings.folder);
    const { host, port } = settings.collector;
    this.#name = `the collector ${host}:${port}`;
  }

  /** Resolves after `stop()`, when all is sent, or at the first attempt that fails. */
  async run(): Promise<void> {
    let retryMs = FIRST_RETRY_MS;
    while (!this.#isDone()) {
      const batch = this.#reader.read();
      if (!batch) {
        await pause(LOOK_MS);
        continue;
      }
      try {
        await this.#ship(batch);
        retryMs = FIRST_RETRY_MS;
      } catch (error) {
        const again = this.#reader.rewind();
        this.#tellAway(error as Error, again);
        if (this.#stopping && this.#writerHasEnded()) return;
        await this.#pauseUnlessStopped(retryMs);
        retryMs = Math.min(2 * retryMs, LONGEST_RETRY_MS);
      }
    }
  }

  /** Sends what is there and what the writer still gets. @returns for how long that may take, in ms */
  stop(): number {
    this.#stop.abort();
    const { mark, budgetMs } = this.#settings.stop;
    try {
      const leftMs = statSync(mark).mtimeMs + budgetMs - Date.now();
      return Math.min(Math.max(LOOK_MS, leftMs), LONGEST_STOP_MS);
    } catch {
      return STOP_ALONE_MS;
    }
  }

  /** What is left for the next start. */
  waiting(): number {
    return this.#reader.waiting();
  }

  /** The lines of one connection, beginning with these. */
  async #ship(first: Batch): Promise<void> {
    const connection = await Connection.open(this.#settings.collector);
    try {
      if (this.#away) this.#say(`${this.#name} is back`);
      this.#away = false;
      const until = Date.now() + CONNECTION_MS;
      let sentBytes = 0;
      for (let batch: Batch | undefined = first; ; batch = this.#reader.read()) {
        if (batch) {
          const bytes = this.#framesOf(batch);
          await connection.send(bytes);
          sentBytes += bytes.length;
        } else if (this.#stopping) break;
        else await connection.whileOpen(pause(LOOK_MS));
        if (sentBytes > CONNECTION_BYTES || Date.now() > until) break;
      }
      await connection.finish();
      this.#reader.confirm();
    } finally {
      connection.destroy();
    }
  }

  #framesOf({ first, records, missing }: Batch): Buffer {
    if (missing > 0 && first > this.#toldLossBefore) {
      this.#toldLossBefore = first;
      this.#say(`${missing} lines before number ${first} are lost: the buffer had no room for them`);
    }
    const { node } = this.#settings;
    return Buffer.concat(records.map((record, index) => syslogFrame(lineOf(record), first + index, node)));
  }

  get #stopping(): boolean {
    return this.#stop.signal.aborted;
  }

  /** The stop is not to wait for the end of a long pause. */
  async #pauseUnlessStopped(ms: number): Promise<void> {
    if (this.#stopping) await pause(LOOK_MS);
    else await pause(ms, undefined, { signal: this.#stop.signal }).catch(() => {});
  }

  #isDone(): boolean {
    return this.#stopping && this.#writerHasEnded() && this.#reader.waiting() === 0;
  }

  #writerHasEnded(): boolean {
    return existsSync(endedMark(this.#settings.folder));
  }

  #tellAway(error: Error, again: number): void {
    if (this.#away) return;
    this.#away = true;
    this.#say(`${this.#name} is away (${error.message}): keeping lines and trying again, ${again} so far`);
  }
}
