import { steadyNow } from './steady-now.ts';

/** What to do on a signal; given when it came, by `steadyNow`. */
export type SignalHandlers = Readonly<Partial<Record<Signal, (cameAt: number) => void>>>;

const SIGNALS = ['SIGTERM', 'SIGUSR1', 'SIGUSR2', 'SIGHUP'] as const;
type Signal = (typeof SIGNALS)[number];

/** The signals of a process, from now on; those that come before they are handled are kept until then, in order. */
export class Signals {
  readonly #early: { readonly signal: Signal; readonly cameAt: number }[] = [];
  #handlers: SignalHandlers = {};

  constructor(process: Pick<NodeJS.EventEmitter, 'on'>) {
    for (const signal of SIGNALS) process.on(signal, () => this.#take(signal, steadyNow()));
  }

  /** From now on so, and no longer as before. Signals without a handler are kept. */
  handle(handlers: SignalHandlers): void {
    this.#handlers = handlers;
    for (const { signal, cameAt } of this.#early.splice(0)) this.#take(signal, cameAt);
  }

  #take(signal: Signal, cameAt: number): void {
    const handler = this.#handlers[signal];
    if (handler) handler(cameAt);
    else this.#early.push({ signal, cameAt });
  }
}
