import { createRequire } from 'node:module';
import { Worker } from 'node:worker_threads';
import { build } from 'esbuild';
import { Ledger } from './load/ledger.ts';
import type { FromWorker, Lag, LoadOptions } from './load/record.ts';

export interface LoadResult {
  /** Every request that was sent. */
  readonly ledger: Ledger;
  readonly lag: Lag;
}

/** Requests to a cluster on a schedule, each of them accounted for. */
export class Load {
  readonly #worker: Worker;
  readonly #ledger = new Ledger();
  readonly #done: Promise<LoadResult>;
  #stopped: Promise<LoadResult> | undefined;

  static async start(options: LoadOptions): Promise<Load> {
    return new Load(new Worker(await workerCode(), { eval: true, workerData: options }));
  }

  private constructor(worker: Worker) {
    this.#worker = worker;
    this.#done = new Promise((resolve, reject) => {
      worker.on('error', reject);
      worker.on('message', (message: FromWorker) => {
        if (message.type === 'records') for (const record of message.records) this.#ledger.add(record);
        else resolve({ ledger: this.#ledger, lag: message.lag });
      });
    });
    // Whoever stops the load hears of it; until then it must not end the process.
    this.#done.catch(() => undefined);
  }

  /** What has ended so far. */
  get ledger(): Ledger {
    return this.#ledger;
  }

  /** Sends no more and resolves when everything in flight has ended. May be called again. */
  async stop(): Promise<LoadResult> {
    this.#stopped ??= this.#stop();
    return await this.#stopped;
  }

  async #stop(): Promise<LoadResult> {
    this.#worker.postMessage('stop');
    const result = await this.#done;
    await this.#worker.terminate();
    return result;
  }
}

/** A worker runs JavaScript only, and this package runs from its sources in tests: so it is bundled here. */
async function workerCode(): Promise<string> {
  const source = createRequire(import.meta.url).resolve('@rollcall/churn/load-worker');
  const { outputFiles } = await build({
    entryPoints: [source],
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    conditions: ['@rollcall/source'],
    write: false,
  });
  return outputFiles[0]?.text ?? '';
}
