import { appendFileSync, renameSync, statSync } from 'node:fs';
import type { Change } from '@rollcall/membership';

/** One older file is kept beside the log. */
const MAX_BYTES = 1024 * 1024;

/** Writes membership events to a file, a line each, as `TIME KIND NODE ADDRESS ROLE`; `-` where the role is not known. */
export class EventLog {
  readonly #path: string;
  readonly #onError: (error: Error) => void;
  #failing = false;

  /** `onError` is told of a file that cannot be written, once until it can be again. */
  constructor(path: string, onError: (error: Error) => void) {
    this.#path = path;
    this.#onError = onError;
  }

  write(changes: readonly Change[], at: Date): void {
    if (changes.length === 0) return;
    try {
      this.#rotate();
      appendFileSync(this.#path, changes.map((change) => eventLine(change, at)).join(''));
      this.#failing = false;
    } catch (error) {
      if (!this.#failing) this.#onError(error as Error);
      this.#failing = true;
    }
  }

  #rotate(): void {
    const size = statSync(this.#path, { throwIfNoEntry: false })?.size ?? 0;
    if (size > MAX_BYTES) renameSync(this.#path, `${this.#path}.1`);
  }
}

/** One line of the event log, with its line end. */
function eventLine({ kind, member }: Change, at: Date): string {
  const role = 'tags' in member ? member.tags.role : '-';
  return `${at.toISOString()} ${kind} ${member.name} ${member.address} ${role}\n`;
}
