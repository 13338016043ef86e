import { closeSync, mkdirSync, openSync, readFileSync, readSync, rmSync, writeFileSync } from 'node:fs';
import { linesIn, NEWLINE, positionFile, type Segment, segmentsIn } from './segments.ts';

const FIRST_READ_BYTES = 65_536;

/** Lines of the spool in their order. */
export interface Batch {
  /** The number of the first of them. */
  readonly first: number;
  readonly records: readonly Buffer[];
  /** How many are missing before the first of them. */
  readonly missing: number;
}

/** Reads what the writer keeps, from the first line that the collector is not known to have. */
export class SpoolReader {
  readonly #folder: string;
  #confirmed: number;
  #next: number;
  #missing = 0;
  #open: (Segment & { readonly fd: number; offset: number }) | undefined;
  #buffer = Buffer.allocUnsafe(FIRST_READ_BYTES);

  constructor(folder: string) {
    this.#folder = folder;
    this.#confirmed = positionIn(folder);
    this.#next = this.#confirmed;
  }

  /** The next lines; undefined when there are none now. */
  read(): Batch | undefined {
    for (;;) {
      // Before the read: what is in a segment that has a successor will not become more.
      const newer = this.#segments().find(({ first }) => first > (this.#open?.first ?? -1));
      if (this.#open) {
        const records = this.#readOpen(this.#open);
        if (records.length > 0) return this.#batch(records);
      }
      if (!newer) return undefined;
      this.#enter(newer);
    }
  }

  /** The collector has all that was read: it is not read again. */
  confirm(): void {
    if (this.#next === this.#confirmed) return;
    this.#confirmed = this.#next;
    // In the place of the former text, which is as long: it works on a full disk.
    writePosition(this.#folder, this.#next, 'r+');
    for (const { first, path } of this.#segments()) {
      if (this.#open && first < this.#open.first) rmSync(path, { force: true });
    }
  }

  /** Reads again what was not confirmed. @returns how many lines these are */
  rewind(): number {
    const again = this.#next - this.#confirmed;
    this.#close();
    this.#next = this.#confirmed;
    this.#missing = 0;
    return again;
  }

  /** How many lines are kept that the collector is not known to have. */
  waiting(): number {
    const last = this.#segments().at(-1);
    if (!last) return 0;
    return Math.max(0, last.first + linesIn(readFileSync(last.path)) - this.#confirmed);
  }

  #batch(records: readonly Buffer[]): Batch {
    const batch = { first: this.#next, records, missing: this.#missing };
    this.#missing = 0;
    this.#next += records.length;
    return batch;
  }

  /** Opens the newest segment that begins at or before the next line; without one, the next newer segment. */
  #enter(newer: Segment): void {
    this.#close();
    const segment = this.#segments().findLast(({ first }) => first <= this.#next) ?? newer;
    const chosen = segment.first < newer.first ? newer : segment;
    const fd = openIfThere(chosen.path);
    // The writer has just removed it: the next look is at what is there then.
    if (fd === undefined) return;
    this.#open = { ...chosen, fd, offset: 0 };
    if (chosen.first >= this.#next) {
      this.#missing += chosen.first - this.#next;
      this.#next = chosen.first;
      return;
    }
    this.#skip(this.#open, this.#next - chosen.first);
  }

  #skip(open: { readonly fd: number; offset: number }, lines: number): void {
    const bytes = readFileSync(open.fd);
    let at = 0;
    for (let skipped = 0; skipped < lines; skipped += 1) {
      const end = bytes.indexOf(NEWLINE, at);
      // Fewer are there than were sent before: the rest of the gap is for the next segment to tell.
      if (end === -1) break;
      at = end + 1;
    }
    open.offset = at;
  }

  /** Whole lines only. */
  #readOpen(open: { readonly fd: number; offset: number }): Buffer[] {
    const length = readSync(open.fd, this.#buffer, 0, this.#buffer.length, open.offset);
    const bytes = this.#buffer.subarray(0, length);
    const records: Buffer[] = [];
    let at = 0;
    for (let end = bytes.indexOf(NEWLINE); end !== -1; end = bytes.indexOf(NEWLINE, at)) {
      records.push(Buffer.from(bytes.subarray(at, end)));
      at = end + 1;
    }
    open.offset += at;
    if (records.length > 0 || length < this.#buffer.length) return records;
    this.#buffer = Buffer.allocUnsafe(2 * this.#buffer.length);
    return this.#readOpen(open);
  }

  #segments(): Segment[] {
    try {
      return segmentsIn(this.#folder);
    } catch {
      // The writer could not make it yet.
      return [];
    }
  }

  #close(): void {
    if (this.#open) closeSync(this.#open.fd);
    this.#open = undefined;
  }
}

function positionIn(folder: string): number {
  try {
    const position = Number(readFileSync(positionFile(folder), 'utf8'));
    if (Number.isSafeInteger(position) && position >= 1) return position;
  } catch {
    // The first start of all: the file is made now, while there is room.
  }
  writePosition(folder, 1, 'w');
  return 1;
}

/** Where it cannot be written, lines are sent again after a restart. */
function writePosition(folder: string, position: number, flag: 'w' | 'r+'): void {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    writeFileSync(positionFile(folder), String(position).padStart(16, '0'), { flag, mode: 0o600 });
  } catch {
    // The writer, which writes to the same place, tells of it.
  }
}

function openIfThere(path: string): number | undefined {
  try {
    return openSync(path, 'r');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
