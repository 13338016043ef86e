import { closeSync, constants, openSync, writeSync } from 'node:fs';
import { Socket } from 'node:net';
import { recordsOf } from './record.ts';
import { NEWLINE } from './segments.ts';
import { SHIPPER, type ShippingSettings, WRITER } from './settings.ts';
import { Spool, type Trouble } from './spool.ts';

const STDOUT = 1;
const FULL_PIPE_PAUSE_MS = 5;

/** Passes what the services' loggers say on to the container's stdout, and keeps it for the shipper. */
export class Writer {
  readonly #settings: ShippingSettings;
  readonly #spool: Spool;
  /** The services whose loggers may still say something. */
  readonly #open: Set<string>;
  #stopping = false;
  #spoolEnded = false;

  constructor(settings: ShippingSettings) {
    this.#settings = settings;
    this.#open = new Set(Object.keys(settings.pipes));
    this.#spool = new Spool(settings.folder, settings.limitBytes, (trouble) => this.#tell(trouble));
  }

  run(): void {
    for (const [service, pipe] of Object.entries(this.#settings.pipes)) this.#listen(service, pipe);
  }

  /** Ends when every logger has. */
  stop(): void {
    this.#stopping = true;
    // A logger that ended before is not seen again: the end of another one that writes to its pipe is.
    for (const service of this.#open) {
      const pipe = this.#settings.pipes[service];
      if (pipe) closeSync(openSync(pipe, constants.O_WRONLY | constants.O_NONBLOCK));
    }
  }

  #listen(service: string, pipe: string): void {
    const fd = openSync(pipe, constants.O_RDONLY | constants.O_NONBLOCK);
    const socket = new Socket({ fd, readable: true, writable: false });
    let rest: Buffer = Buffer.alloc(0);
    socket.on('data', (chunk: Buffer) => {
      const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
      const end = bytes.lastIndexOf(NEWLINE) + 1;
      if (end > 0) this.#take(service, bytes.subarray(0, end));
      rest = bytes.subarray(end);
    });
    socket.on('end', () => {
      if (rest.length > 0) this.#take(service, Buffer.concat([rest, Buffer.of(NEWLINE)]));
      // The logger has died: s6 starts another one, unless all end.
      if (this.#stopping) this.#ended(service);
      else this.#listen(service, pipe);
    });
  }

  #take(service: string, lines: Buffer): void {
    this.#spool.append(recordsOf(Date.now(), service, lines));
    writeAll(STDOUT, lines);
  }

  #ended(service: string): void {
    this.#open.delete(service);
    // The shipper's own lines come after all others: it waits for these.
    const others = [...this.#open].filter((name) => name !== SHIPPER);
    if (others.length === 0 && !this.#spoolEnded) {
      this.#spoolEnded = true;
      this.#spool.end();
    }
    if (this.#open.size === 0) process.exit(0);
  }

  #tell(trouble: Trouble): void {
    const text =
      trouble.kind === 'full'
        ? `the buffer for the collector is full (${this.#settings.limitBytes / 1e6} MB): its oldest lines are dropped`
        : `the buffer for the collector cannot be written (${trouble.error.message}): new lines are lost to the collector until it can`;
    writeAll(STDOUT, Buffer.from(`${WRITER}: ${text}\n`));
  }
}

/** A stdout that is full is waited for, as any process would. */
function writeAll(fd: number, bytes: Buffer): void {
  for (let written = 0; written < bytes.length; ) {
    try {
      written += writeSync(fd, bytes, written);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, FULL_PIPE_PAUSE_MS);
    }
  }
}
