import type { GenericSchema } from 'valibot';

/** A question that nodes ask each other, and the shape of its answer. Both ends hold what comes in to the schemas. */
export interface Query<Ask, Answer> {
  readonly name: string;
  readonly ask: GenericSchema<Ask>;
  readonly answer: GenericSchema<Answer>;
}

/** Payloads travel as JSON: the schemas describe what JSON can say, in about 850 bytes. */
export function defineQuery<Ask, Answer>(query: Query<Ask, Answer>): Query<Ask, Answer> {
  return Object.freeze({ ...query });
}

export interface AskOptions<Answer> {
  /**
   * The nodes that are to answer, the asking one if it is named; `ask` resolves as soon as all of them have. Without it,
   * whoever answers. The names travel with the query and count towards its 1,024 bytes.
   */
  nodes?: readonly string[];
  /** How long to wait, ms. Gossip takes up to 200 of it to reach everybody. */
  timeoutMs: number;
  /** Asked after each answer: whether those that came so far are enough. */
  until?: (answers: ReadonlyMap<string, Answer>) => boolean;
  /** Aborted: `ask` rejects with its reason. */
  signal?: AbortSignal;
}

export interface Answers<Answer> {
  /** By the name of the node. */
  answers: Map<string, Answer>;
  /** Nodes that could not answer, or answered something else, and why. */
  refused: Map<string, string>;
  /** Of the `nodes` asked, those that said nothing in time: an answer is one UDP packet, and may be lost. */
  missing: string[];
}

/** What a handler is told beside the payload. */
export interface Occasion {
  /** The node that asks. */
  from: string;
  /** Aborted when an answer comes too late. */
  signal: AbortSignal;
}

export type AnswerHandler<Ask, Answer> = (payload: Ask, occasion: Occasion) => Promise<Answer>;

export interface Queries {
  /**
   * Asks all nodes, or those named. Rejects with `QUERY_INVALID` (the payload), `QUERY_TOO_LONG`, `ROOM_CLOSED`, or with
   * `RPC_CLOSED`, `RPC_TIMEOUT` when the agent fails before the query is out. Nodes that do not answer are no error.
   */
  ask<Ask, Answer>(
    query: Query<Ask, Answer>,
    payload: Ask,
    options: AskOptions<Answer>,
  ): Promise<Answers<Answer>>;
  /**
   * Answers a query from now on. What the handler throws reaches the asking node as a refusal; what it returns after the
   * deadline is dropped. Throws `QUERY_ANSWERED_TWICE`.
   */
  answer<Ask, Answer>(query: Query<Ask, Answer>, handler: AnswerHandler<Ask, Answer>): void;
}
