import type { Query } from './query.ts';

export interface AskOptions<Answer> {
  /** The nodes that are to answer; `ask` resolves as soon as all of them have. Without it, whoever answers. */
  nodes?: readonly string[];
  /** Ask only nodes whose tags match these regular expressions (RE2, matched against the whole value). */
  tags?: Readonly<Record<string, string>>;
  timeoutMs: number;
  /** Asked after each answer: whether those that came so far are enough. */
  until?: (answers: ReadonlyMap<string, Answer>) => boolean;
  signal?: AbortSignal;
}

export interface Answers<Answer> {
  answers: Map<string, Answer>;
  /** Nodes that answered that they could not, or with something else than an answer, and why. */
  refused: Map<string, string>;
  /** Of the `nodes` asked, those that said nothing in time. */
  missing: string[];
}

export interface Occasion {
  /** When an answer comes too late, ms since the epoch by this node's clock. */
  deadlineMs: number;
  /** Aborted at that moment. */
  signal: AbortSignal;
}

export interface Queries {
  ask<Ask, Answer>(
    query: Query<Ask, Answer>,
    payload: Ask,
    options: AskOptions<Answer>,
  ): Promise<Answers<Answer>>;
  answer<Ask, Answer>(
    query: Query<Ask, Answer>,
    handler: (payload: Ask, occasion: Occasion) => Promise<Answer>,
  ): void;
}
