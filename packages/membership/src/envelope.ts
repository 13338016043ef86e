import * as v from 'valibot';
import { complaint } from './complaint.ts';
import { isNodeName } from './node-name.ts';

const REASON_LENGTH = 200;

/** A query says nothing of its sender or its deadline, so the payload does. */
const AskEnvelope = v.object({
  from: v.pipe(v.string(), v.check(isNodeName, 'must be a node name')),
  /** Tells one asking from another in the logs of both nodes. */
  nonce: v.pipe(v.string(), v.maxLength(32)),
  /** What the asking node waits, ms. */
  limitMs: v.pipe(v.number(), v.minValue(1), v.maxValue(3_600_000)),
  ask: v.unknown(),
});
export type AskEnvelope = v.InferOutput<typeof AskEnvelope>;

const AnswerEnvelope = v.union([v.object({ refused: v.string() }), v.object({ answer: v.unknown() })]);
export type AnswerEnvelope = v.InferOutput<typeof AnswerEnvelope>;

type Opened<T> = { content: T } | { refused: string };

export function sealAsk(envelope: AskEnvelope): Uint8Array {
  return Buffer.from(JSON.stringify(envelope));
}

/** An ask as it came from any node at all, with its payload held to the query's schema. Never throws. */
export function openAsk<Ask>(
  bytes: Uint8Array,
  schema: v.GenericSchema<Ask>,
): Opened<AskEnvelope & { ask: Ask }> {
  const envelope = parse(bytes, AskEnvelope);
  if ('refused' in envelope) return envelope;
  const ask = v.safeParse(schema, envelope.content.ask);
  if (!ask.success) return { refused: complaint('payload', ask.issues[0]) };
  return { content: { ...envelope.content, ask: ask.output } };
}

export function sealAnswer(answer: unknown): Uint8Array {
  return Buffer.from(JSON.stringify({ answer }));
}

/** A reason that is too long for a packet is cut. */
export function sealRefusal(reason: string): Uint8Array {
  return Buffer.from(JSON.stringify({ refused: reason.slice(0, REASON_LENGTH) }));
}

/** An answer, held to the query's schema, or why there is none. Never throws. */
export function openAnswer<Answer>(bytes: Uint8Array, schema: v.GenericSchema<Answer>): Opened<Answer> {
  const envelope = parse(bytes, AnswerEnvelope);
  if ('refused' in envelope) return envelope;
  if ('refused' in envelope.content) return { refused: oneLine(envelope.content.refused) };
  const answer = v.safeParse(schema, envelope.content.answer);
  return answer.success ? { content: answer.output } : { refused: complaint('answer', answer.issues[0]) };
}

/** Another node's words, fit for a log. */
function oneLine(text: string): string {
  return text.slice(0, REASON_LENGTH).replace(/\p{C}/gu, '?');
}

function parse<T>(bytes: Uint8Array, schema: v.GenericSchema<unknown, T>): Opened<T> {
  let value: unknown;
  try {
    value = JSON.parse(Buffer.from(bytes).toString());
  } catch {
    return { refused: 'payload is not JSON' };
  }
  const parsed = v.safeParse(schema, value);
  return parsed.success ? { content: parsed.output } : { refused: complaint('payload', parsed.issues[0]) };
}
