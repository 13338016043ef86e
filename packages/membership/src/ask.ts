import { randomBytes } from 'node:crypto';
import * as v from 'valibot';
import { complaint } from './complaint.ts';
import { openAnswer, sealAsk } from './envelope.ts';
import { isMembershipError, MembershipError } from './errors.ts';
import type { Log } from './log.ts';
import type { Answers, AskOptions, Query } from './query.ts';
import type { QueryBody, QueryRecord } from './wire.ts';

/** Sends a query unless `signal` is aborted before it can; resolves when it is out. Records follow. */
export type SendQuery = (
  query: QueryBody,
  signal: AbortSignal,
  onRecord: (record: QueryRecord) => void,
) => Promise<void>;

export interface Asker {
  /** The asking node. */
  node: string;
  send: SendQuery;
  log: Log;
}

/** As `Queries.ask`. */
export async function ask<Ask, Answer>(
  { node, send, log }: Asker,
  query: Query<Ask, Answer>,
  payload: Ask,
  options: AskOptions<Answer>,
): Promise<Answers<Answer>> {
  options.signal?.throwIfAborted();
  const nonce = randomBytes(6).toString('hex');
  const body = bodyOf({ from: node, nonce }, query, payload, options);
  const tally = new Tally(query.answer, options);
  // Without names the agent would ask everybody.
  if (tally.isComplete()) return tally.result();
  log.debug({ query: query.name, nonce, nodes: options.nodes }, 'asking');
  return await new Promise((resolve, reject) => {
    const over = new AbortController();
    const finish = () => {
      over.abort();
      resolve(tally.result());
    };
    const fail = (error: unknown) => {
      over.abort();
      reject(error);
    };
    // `done` comes then as well, unless the agent ends before.
    const limit = setTimeout(finish, options.timeoutMs);
    const onAbort = () => fail(options.signal?.reason);
    options.signal?.addEventListener('abort', onAbort);
    over.signal.addEventListener('abort', () => {
      clearTimeout(limit);
      options.signal?.removeEventListener('abort', onAbort);
    });
    send(body, over.signal, (record) => {
      if (over.signal.aborted) return;
      try {
        if (record.Type === 'response') tally.add(record);
        if (record.Type === 'done' || tally.isComplete()) finish();
      } catch (error) {
        // From `until`: the asker's own.
        fail(error);
      }
    }).catch((error) => fail(tooLong(query.name, error) ?? error));
  });
}

function bodyOf<Ask, Answer>(
  sender: { from: string; nonce: string },
  query: Query<Ask, Answer>,
  payload: Ask,
  { nodes, timeoutMs }: AskOptions<Answer>,
): QueryBody {
  const parsed = v.safeParse(query.ask, payload);
  if (!parsed.success) {
    const what = `The query "${query.name}" cannot be asked: ${complaint('payload', parsed.issues[0])}`;
    throw new MembershipError('QUERY_INVALID', what);
  }
  return {
    FilterNodes: nodes ?? [],
    RequestAck: false,
    RelayFactor: 0,
    Timeout: Math.round(timeoutMs * 1e6),
    Name: query.name,
    Payload: sealAsk({ ...sender, limitMs: timeoutMs, ask: parsed.output }),
  };
}

/** Who has answered so far. */
class Tally<Answer> {
  readonly #schema: v.GenericSchema<Answer>;
  readonly #nodes: ReadonlySet<string> | undefined;
  readonly #until: (answers: ReadonlyMap<string, Answer>) => boolean;
  readonly #answers = new Map<string, Answer>();
  readonly #refused = new Map<string, string>();

  constructor(schema: v.GenericSchema<Answer>, { nodes, until = () => false }: AskOptions<Answer>) {
    this.#schema = schema;
    this.#nodes = nodes && new Set(nodes);
    this.#until = until;
  }

  add({ From, Payload }: QueryRecord): void {
    if (this.#nodes && !this.#nodes.has(From)) return;
    const opened = openAnswer(Payload, this.#schema);
    if ('refused' in opened) this.#refused.set(From, opened.refused);
    else this.#answers.set(From, opened.content);
  }

  isComplete(): boolean {
    if (this.#nodes !== undefined && this.#missing().length === 0) return true;
    return this.#answers.size > 0 && this.#until(this.#answers);
  }

  result(): Answers<Answer> {
    return { answers: this.#answers, refused: this.#refused, missing: this.#missing() };
  }

  #missing(): string[] {
    return [...(this.#nodes ?? [])].filter((name) => !this.#answers.has(name) && !this.#refused.has(name));
  }
}

/** The agent counts the whole message, filters and all, so it is the one to know. */
function tooLong(query: string, error: unknown): MembershipError | undefined {
  if (!isMembershipError(error, 'RPC_REFUSED') || !error.message.includes('exceeds limit')) return undefined;
  return new MembershipError('QUERY_TOO_LONG', `The query "${query}" does not fit`, { cause: error });
}
