import { openAsk, sealAnswer, sealRefusal } from './envelope.ts';
import { isMembershipError, MembershipError, messageOf } from './errors.ts';
import type { Log } from './log.ts';
import type { AnswerHandler, Query } from './query.ts';
import type { QueryEventRecord } from './wire.ts';

/** What a query may have been under way when it is delivered, and its answer is on the way back, ms: one gossip interval. */
const TRAVEL_MS = 250;

type Respond = (payload: Uint8Array) => Promise<void>;
type Deliver = (record: QueryEventRecord, respond: Respond) => Promise<void>;

/** Answers the queries that come in by the handlers it was given. */
export class Answerer {
  readonly #log: Log;
  readonly #handlers = new Map<string, Deliver>();

  constructor(log: Log) {
    this.#log = log;
  }

  /** As `Queries.answer`. */
  answer<Ask, Answer>(query: Query<Ask, Answer>, handler: AnswerHandler<Ask, Answer>): void {
    if (this.#handlers.has(query.name)) {
      throw new MembershipError('QUERY_ANSWERED_TWICE', `The query "${query.name}" has a handler already`);
    }
    this.#handlers.set(query.name, (record, respond) => this.#handle(query, handler, record, respond));
  }

  /** Resolves when the query is dealt with. Never rejects; a query that nobody here answers is none of its business. */
  async deliver(record: QueryEventRecord, respond: Respond): Promise<void> {
    try {
      await this.#handlers.get(record.Name)?.(record, respond);
    } catch (error) {
      // The deadline has passed at the agent, or the agent is gone: nobody waits for the answer any more.
      this.#log.debug({ query: record.Name, reason: messageOf(error) }, 'the answer came too late');
    }
  }

  async #handle<Ask, Answer>(
    query: Query<Ask, Answer>,
    handler: AnswerHandler<Ask, Answer>,
    record: QueryEventRecord,
    respond: Respond,
  ): Promise<void> {
    const opened = openAsk(record.Payload, query.ask);
    if ('refused' in opened) {
      this.#log.debug({ query: query.name, reason: opened.refused }, 'a query does not fit its schema');
      return;
    }
    const { from, nonce, limitMs, ask } = opened.content;
    const budgetMs = Math.max(limitMs - TRAVEL_MS, limitMs / 2);
    const deadline = new AbortController();
    const timer = setTimeout(() => deadline.abort(), budgetMs);
    const occasion = { from, signal: deadline.signal };
    const answering = async () => sealAnswer(await handler(ask, occasion));
    const sealed = await answering().catch((error) => sealRefusal(messageOf(error)));
    clearTimeout(timer);
    this.#log.debug({ query: query.name, from, nonce, late: deadline.signal.aborted }, 'answering a query');
    await respond(sealed).catch((error) => {
      if (!isMembershipError(error, 'RPC_REFUSED') || !error.message.includes('exceeds limit')) throw error;
      return respond(sealRefusal(`its answer of ${sealed.length} bytes does not fit into one packet`));
    });
  }
}
