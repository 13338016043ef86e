/**
 * Runs a task when asked, never two at a time: at once when idle; otherwise all who ask while it runs share one more run.
 */
export class OneAtATime<Result> {
  readonly #task: () => Promise<Result>;
  #running: Promise<Result> | undefined;
  #next: Promise<Result> | undefined;

  constructor(task: () => Promise<Result>) {
    this.#task = task;
  }

  /** Resolves, or rejects, with a run that began no earlier than this call. */
  run(): Promise<Result> {
    if (this.#next) return this.#next;
    if (!this.#running) return this.#start();
    this.#next = this.#running.then(
      () => this.#start(),
      () => this.#start(),
    );
    return this.#next;
  }

  #start(): Promise<Result> {
    this.#next = undefined;
    this.#running = this.#task().finally(() => {
      this.#running = undefined;
    });
    return this.#running;
  }
}
