import {
  closeSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  unlinkSync,
  writeSync,
} from 'node:fs';
import { endedMark, linesIn, NEWLINE, segmentPath, segmentsIn } from './segments.ts';

/** A segment is at most this part of the limit: the oldest ones go when there is no room for another. */
const SEGMENTS = 8;

/** After a failure, lines are not written for so long: a full disk must not cost time at each of them. */
const RETRY_MS = 1000;

/** What happened to the spool that a person should know of. */
export type Trouble = { readonly kind: 'full' } | { readonly kind: 'failed'; readonly error: Error };

/**
 * Keeps lines on disk, at most so many bytes of them: the oldest go. It never throws and waits for nothing but the disk:
 * lines that cannot be written are counted as any other, so that the gap tells how many are missing.
 */
export class Spool {
  readonly #folder: string;
  readonly #limitBytes: number;
  readonly #segmentBytes: number;
  readonly #onTrouble: (trouble: Trouble) => void;
  #next = 1;
  #open: { readonly fd: number; bytes: number } | undefined;
  #retryAt = 0;
  #trouble: Trouble['kind'] | undefined;

  /** `onTrouble` is told once until it is over. */
  constructor(folder: string, limitBytes: number, onTrouble: (trouble: Trouble) => void) {
    this.#folder = folder;
    this.#limitBytes = limitBytes;
    this.#segmentBytes = Math.floor(limitBytes / SEGMENTS);
    this.#onTrouble = onTrouble;
    try {
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      rmSync(endedMark(folder), { force: true });
      const last = segmentsIn(folder).at(-1);
      if (last) this.#next = last.first + linesIn(readFileSync(last.path));
    } catch (error) {
      this.#failed(error as Error);
    }
  }

  /** @param records whole lines, as `record` makes them */
  append(records: Buffer): void {
    for (const part of partsOf(records, this.#segmentBytes)) {
      if (Date.now() >= this.#retryAt) {
        try {
          this.#write(part);
        } catch (error) {
          this.#failed(error as Error);
        }
      }
      this.#next += linesIn(part);
    }
  }

  /** Nothing more will come. */
  end(): void {
    this.#close();
    try {
      closeSync(openSync(endedMark(this.#folder), 'w', 0o600));
    } catch (error) {
      this.#failed(error as Error);
    }
  }

  #write(records: Buffer): void {
    if (this.#open && this.#open.bytes + records.length > this.#segmentBytes) this.#close();
    this.#open ??= this.#newSegment();
    const { fd, bytes } = this.#open;
    let written = 0;
    try {
      while (written < records.length) written += writeSync(fd, records, written);
    } catch (error) {
      // What is there of these lines would be taken for whole ones.
      ftruncateSync(fd, bytes);
      throw error;
    }
    this.#open.bytes += records.length;
    if (this.#trouble === 'failed') this.#trouble = undefined;
  }

  #newSegment(): { fd: number; bytes: number } {
    const segments = segmentsIn(this.#folder).map(({ path }) => ({ path, bytes: statSync(path).size }));
    let kept = segments.reduce((sum, { bytes }) => sum + bytes, 0);
    // The new one, and one that the shipper may hold open although it is gone, count too.
    const room = this.#limitBytes - 2 * this.#segmentBytes;
    const isFull = kept > room;
    for (const { path, bytes } of segments) {
      if (kept <= room) break;
      unlinkSync(path);
      kept -= bytes;
    }
    if (!isFull && this.#trouble === 'full') this.#trouble = undefined;
    const fd = openSync(segmentPath(this.#folder, this.#next), 'w', 0o600);
    if (isFull) this.#tell({ kind: 'full' });
    return { fd, bytes: 0 };
  }

  #failed(error: Error): void {
    this.#close();
    this.#retryAt = Date.now() + RETRY_MS;
    this.#tell({ kind: 'failed', error });
  }

  #tell(trouble: Trouble): void {
    if (this.#trouble === trouble.kind) return;
    this.#trouble = trouble.kind;
    this.#onTrouble(trouble);
  }

  #close(): void {
    if (this.#open) closeSync(this.#open.fd);
    this.#open = undefined;
  }
}

/** Whole lines, together at most so many bytes; a line that is longer stands alone. */
function* partsOf(records: Buffer, bytes: number): Generator<Buffer, undefined> {
  for (let from = 0; from < records.length; ) {
    const fits = records.subarray(from, from + bytes).lastIndexOf(NEWLINE);
    const last = fits === -1 ? records.indexOf(NEWLINE, from) : from + fits;
    const end = last === -1 ? records.length : last + 1;
    yield records.subarray(from, end);
    from = end;
  }
}
