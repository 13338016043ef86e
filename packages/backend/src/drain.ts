import { setTimeout as sleep } from 'node:timers/promises';
import { type Context, type DrainBudget, steadyNow } from '@rollcall/handler';
import {
  type Answer,
  answered,
  asked,
  askingOver,
  dueQuestions,
  isDrained,
  type Progress,
  type Question,
  waitFor,
  whatIsCut,
} from './drain-progress.ts';

/** Asks some balancers one question. */
export type AskBalancers = (
  question: Question,
  nodes: readonly string[],
  options: {
    /** When to stop waiting for answers. */
    readonly timeoutMs: number;
    readonly signal: AbortSignal;
    /** Called with each answer as it comes. */
    readonly onAnswer: (node: string, answer: Answer) => void;
    /** Called with what a balancer says instead of an answer. */
    readonly onRefusal: (node: string, reason: string) => void;
  },
) => Promise<void>;

export interface DrainParts {
  readonly ask: AskBalancers;
  /** Looks who is in the room now; where that is news, the drain is told by `follow` before it resolves. */
  readonly look: () => Promise<void>;
  readonly log: Context<unknown>['log'];
  /** The progress has changed. */
  readonly onProgress: () => void;
}

/** What a status shows of a drain. */
export interface DrainStatus {
  readonly askedAt: string;
  readonly balancers: readonly {
    readonly node: string;
    readonly applied: boolean;
    readonly inFlight?: number;
  }[];
}

/**
 * The longest that an answer is waited for before the question is put again, in ms. `drain` is answered at once
 * (a query takes 80-200 ms there and back); `idle` when nothing is in flight.
 */
const WAIT_FOR_ANSWER_MS: Record<Question, number> = { drain: 1_000, idle: 2_000 };

/**
 * The longest that a last look is waited for, in ms. It takes a few; without an agent that answers, it would take all the
 * time that a node without any balancer has.
 */
const WAIT_FOR_LOOK_MS = 2_000;

/** Between a question that did not help and the next, so that a balancer in trouble is not flooded. */
const BEFORE_ASKING_AGAIN_MS = 100;

/**
 * One drain: asks every balancer to send nothing new to this node, then waits until none has anything in flight
 * here. Each balancer goes at its own pace; one that is away is waited for only until the room knows that it went.
 * It ends with a look at the room: one that has only just come may send requests here, too.
 */
export class Drain {
  readonly #parts: DrainParts;
  readonly #startedAt = steadyNow();
  readonly #over = new AbortController();
  #budget: DrainBudget | undefined;
  #isLooking = false;
  /** Undefined until it is known who is in the room. */
  #progress: Progress | undefined;

  constructor(balancers: readonly string[] | undefined, parts: DrainParts) {
    this.#parts = parts;
    this.#progress = balancers && waitFor([], balancers);
  }

  /** Resolves when nothing is in flight any more, or with a warning of what is cut when the budget is over. */
  async run(budget: DrainBudget): Promise<void> {
    if (this.#progress) this.#tellBeginning(this.#progress);
    else this.#log('waiting to see who is in the room, to be drained by them');
    this.#budget = budget;
    const ended = new Promise((resolve) => this.#over.signal.addEventListener('abort', resolve));
    const step = () => this.#step();
    budget.signal.addEventListener('abort', step);
    this.#step();
    await ended;
    budget.signal.removeEventListener('abort', step);
    this.#tellEnd();
  }

  /** The balancers to wait for are others now. */
  follow(balancers: readonly string[]): void {
    const progress = waitFor(this.#progress ?? [], balancers);
    if (this.#progress) this.#tellGone(this.#progress, balancers);
    else this.#tellBeginning(progress);
    this.#take(progress);
  }

  get status(): DrainStatus {
    return {
      askedAt: new Date(this.#startedAt).toISOString(),
      balancers: (this.#progress ?? []).map(({ node, applied, inFlight }) => ({
        node,
        applied,
        ...(inFlight === undefined ? {} : { inFlight }),
      })),
    };
  }

  #take(progress: Progress): void {
    this.#progress = progress;
    this.#parts.onProgress();
    this.#step();
  }

  #step(): void {
    if (this.#budget === undefined || this.#over.signal.aborted) return;
    if (this.#budget.signal.aborted) {
      this.#over.abort();
      return;
    }
    if (!this.#progress) return;
    if (isDrained(this.#progress)) {
      void this.#endUnlessOneCame();
      return;
    }
    for (const question of ['drain', 'idle'] as const) {
      const nodes = dueQuestions(this.#progress)[question];
      if (nodes.length > 0) void this.#ask(question, nodes, this.#budget.deadline);
    }
  }

  async #endUnlessOneCame(): Promise<void> {
    if (this.#isLooking) return;
    this.#isLooking = true;
    const limit = sleep(WAIT_FOR_LOOK_MS, undefined, { signal: this.#over.signal, ref: false });
    await Promise.race([this.#parts.look(), limit]).catch(() => undefined);
    this.#isLooking = false;
    if (this.#progress && isDrained(this.#progress)) this.#over.abort();
    else this.#step();
  }

  async #ask(question: Question, nodes: readonly string[], deadline: number): Promise<void> {
    this.#progress = this.#progress && asked(this.#progress, question, nodes);
    const { signal } = this.#over;
    try {
      await this.#parts.ask(question, nodes, {
        timeoutMs: Math.max(1, Math.min(WAIT_FOR_ANSWER_MS[question], Math.ceil(deadline - steadyNow()))),
        signal,
        onAnswer: (node, answer) => this.#takeAnswer(node, answer),
        onRefusal: (balancer, reason) =>
          this.#parts.log.warn({ balancer, question, reason }, 'a balancer cannot answer, asking again'),
      });
    } catch (error) {
      if (!signal.aborted)
        this.#parts.log.warn({ err: error, question, balancers: nodes }, 'cannot ask the balancers');
    }
    await sleep(BEFORE_ASKING_AGAIN_MS, undefined, { signal }).catch(() => undefined);
    if (!signal.aborted && this.#progress) this.#take(askingOver(this.#progress, question, nodes));
  }

  #takeAnswer(balancer: string, answer: Answer): void {
    if (this.#over.signal.aborted || !this.#progress) return;
    if ('applied' in answer && answer.applied)
      this.#log('a balancer sends nothing new', { balancer, ...answer });
    if ('idle' in answer && answer.idle) this.#log('a balancer has nothing in flight', { balancer });
    this.#take(answered(this.#progress, balancer, answer));
  }

  #tellBeginning(progress: Progress): void {
    this.#log('asking the balancers to drain this node', { balancers: progress.map(({ node }) => node) });
  }

  #tellGone(progress: Progress, balancers: readonly string[]): void {
    const gone = progress.filter(({ node }) => !balancers.includes(node)).map(({ node }) => node);
    if (gone.length > 0) this.#log('no longer waiting for balancers that went', { balancers: gone });
  }

  #tellEnd(): void {
    const ms = this.#ms;
    if (!this.#progress) {
      this.#parts.log.warn(
        { ms },
        "the drain's time was over before it was known who is in the room: no balancer was asked",
      );
      return;
    }
    if (isDrained(this.#progress)) {
      this.#log('nothing is in flight any more');
      return;
    }
    const cut = whatIsCut(this.#progress);
    this.#parts.log.warn(
      { ms, cut },
      `the drain's time is over with requests in flight from ${cut.map(cutText).join(', ')}; what is not done when the app ends is cut. Give more time with ROLLCALL_DRAIN_SECONDS and 5 s more to the container (docker stop -t)`,
    );
  }

  #log(message: string, details: object = {}): void {
    this.#parts.log.info({ ms: this.#ms, ...details }, message);
  }

  /** Since the drain began. */
  get #ms(): number {
    return Math.round(steadyNow() - this.#startedAt);
  }
}

function cutText({ node, inFlight }: { node: string; inFlight: number | 'unknown' }): string {
  return inFlight === 'unknown' ? `${node} (never answered)` : `${node} (${inFlight})`;
}
