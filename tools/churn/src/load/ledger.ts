import { isHarmed, type Kind, kinds, type RequestRecord } from './record.ts';

/** Records until it has to grow for the first time. */
const FIRST_ROOM = 1_024;

/**
 * Every request of a run, in columns: 19 bytes for one that was simply answered right, a sixth of what an object takes, so
 * that hours of load fit into memory.
 */
export class Ledger implements Iterable<RequestRecord> {
  #ids = new Uint32Array(FIRST_ROOM);
  #kinds = new Uint8Array(FIRST_ROOM);
  #sentAt = new Float64Array(FIRST_ROOM);
  /** Signed: the clock may have been set meanwhile. */
  #took = new Int32Array(FIRST_ROOM);
  /** Places in `#names`. */
  #nodes = new Uint16Array(FIRST_ROOM);
  #size = 0;
  readonly #names: (string | undefined)[] = [undefined];
  readonly #places = new Map<string | undefined, number>([[undefined, 0]]);
  /** Those with more to tell, by their place. */
  readonly #harmed = new Map<number, RequestRecord>();

  static of(records: Iterable<RequestRecord>): Ledger {
    const ledger = new Ledger();
    for (const record of records) ledger.add(record);
    return ledger;
  }

  get size(): number {
    return this.#size;
  }

  add(record: RequestRecord): void {
    const { id, kind, sentAt, endedAt, node } = record;
    if (this.#size === this.#ids.length) this.#grow();
    const at = this.#size;
    this.#size += 1;
    this.#ids[at] = id;
    this.#kinds[at] = kinds.indexOf(kind);
    this.#sentAt[at] = sentAt;
    this.#took[at] = endedAt - sentAt;
    this.#nodes[at] = this.#placeOf(node);
    if (isHarmed(record)) this.#harmed.set(at, record);
  }

  /** What was not simply answered right: lost, or sent twice. */
  harmed(): RequestRecord[] {
    return [...this.#harmed.values()];
  }

  /** In the order in which they ended. */
  *[Symbol.iterator](): Generator<RequestRecord, undefined> {
    for (let at = 0; at < this.#size; at += 1) yield this.#harmed.get(at) ?? this.#simple(at);
  }

  #simple(at: number): RequestRecord {
    const sentAt = this.#sentAt[at] ?? 0;
    const node = this.#names[this.#nodes[at] ?? 0];
    return {
      id: this.#ids[at] ?? 0,
      kind: kinds[this.#kinds[at] ?? 0] as Kind,
      sentAt,
      endedAt: sentAt + (this.#took[at] ?? 0),
      outcome: 'right',
      ...(node !== undefined && { node }),
    };
  }

  #placeOf(name: string | undefined): number {
    const known = this.#places.get(name);
    if (known !== undefined) return known;
    this.#places.set(name, this.#names.length);
    return this.#names.push(name) - 1;
  }

  #grow(): void {
    const room = this.#ids.length * 2;
    const copy = <T extends { set(from: T): void }>(to: T, from: T): T => {
      to.set(from);
      return to;
    };
    this.#ids = copy(new Uint32Array(room), this.#ids);
    this.#kinds = copy(new Uint8Array(room), this.#kinds);
    this.#sentAt = copy(new Float64Array(room), this.#sentAt);
    this.#took = copy(new Int32Array(room), this.#took);
    this.#nodes = copy(new Uint16Array(room), this.#nodes);
  }
}
