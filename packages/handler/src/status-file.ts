import { rm, writeFile } from 'node:fs/promises';
import { writeIfChanged } from '@rollcall/templating';
import type { NodeStatus } from './status.ts';

/** Keeps the status file and the health mark as the node is; a burst of changes is written once. */
export class StatusFile {
  readonly #paths: { readonly status: string; readonly healthy: string };
  readonly #onError: (error: Error) => void;
  #pending: (() => NodeStatus) | undefined;
  #writing: Promise<void> | undefined;
  #failing = false;

  /** `onError` is told of files that cannot be written, once until they can be again. */
  constructor(paths: { status: string; healthy: string }, onError: (error: Error) => void) {
    this.#paths = paths;
    this.#onError = onError;
  }

  /** Writes what `make` gives when its turn comes: the newest state, not each one. */
  write(make: () => NodeStatus): void {
    this.#pending = make;
    this.#writing ??= this.#writePending();
  }

  /** Resolves when all is written. */
  async close(): Promise<void> {
    await this.#writing;
  }

  async #writePending(): Promise<void> {
    // Not at once: what follows in the same burst goes into the same write.
    await Promise.resolve();
    while (this.#pending) {
      const make = this.#pending;
      this.#pending = undefined;
      await this.#writeOnce(make());
    }
    this.#writing = undefined;
  }

  async #writeOnce(status: NodeStatus): Promise<void> {
    try {
      await writeIfChanged(this.#paths.status, `${JSON.stringify(status)}\n`);
      if (status.problem === undefined) await writeFile(this.#paths.healthy, '');
      else await rm(this.#paths.healthy, { force: true });
      this.#failing = false;
    } catch (error) {
      if (!this.#failing) this.#onError(error as Error);
      this.#failing = true;
    }
  }
}
