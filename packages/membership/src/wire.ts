import * as v from 'valibot';

/*
 * The words of Serf's RPC, IPC version 1, as `serf agent` 0.10 speaks it: Go field names, exactly. Keys that it does not
 * know are ignored without a word. Source: hashicorp/serf, cmd/serf/command/agent/ipc.go.
 */

export const IPC_VERSION = 1;

/** The one refusal that leaves out the body its command has otherwise. */
export const AUTHENTICATION_REQUIRED = 'Authentication required';
export const INVALID_AUTH_TOKEN = 'Invalid authentication token';

const WholeNumber = v.pipe(v.number(), v.integer());

/** A copy: what the decoder hands out is a window on a chunk of the socket. Go's empty slice comes as nil. */
const Bytes = v.pipe(
  v.nullable(v.instance(Uint8Array)),
  v.transform((bytes) => new Uint8Array(bytes ?? [])),
);

const Strings = v.pipe(
  v.nullable(v.record(v.string(), v.string())),
  v.transform((map) => map ?? {}),
);

const Counts = v.pipe(
  v.nullable(v.record(v.string(), WholeNumber)),
  v.transform((map) => map ?? {}),
);

export const ResponseHeader = v.object({ Seq: WholeNumber, Error: v.string() });
export type ResponseHeader = v.InferOutput<typeof ResponseHeader>;

/** `Addr`: 4 bytes, or 16. `Status`: none, alive, leaving, left or failed. */
const MemberRecord = v.object({
  Name: v.string(),
  Addr: Bytes,
  Port: WholeNumber,
  Tags: Strings,
  Status: v.string(),
});
export type MemberRecord = v.InferOutput<typeof MemberRecord>;

const MembersReply = v.object({
  Members: v.pipe(
    v.nullable(v.array(MemberRecord)),
    v.transform((members) => members ?? []),
  ),
});

const JoinReply = v.object({ Num: WholeNumber });

/** Answers of the cluster's nodes to a change of the keyring; `Keys` counts the nodes that hold each key. */
const KeyReply = v.object({
  Messages: Strings,
  Keys: v.optional(Counts, {}),
  NumNodes: WholeNumber,
  NumErr: WholeNumber,
  NumResp: WholeNumber,
});
export type KeyReply = v.InferOutput<typeof KeyReply>;

const StatsReply = v.record(v.string(), Strings);

/** One thing that happened, as `stream` tells it. Member events come 1-3 s late, and not every one. */
export const StreamRecord = v.variant('Event', [
  v.object({
    Event: v.literal('query'),
    ID: WholeNumber,
    LTime: WholeNumber,
    Name: v.string(),
    Payload: Bytes,
  }),
  v.object({
    Event: v.literal('user'),
    LTime: WholeNumber,
    Name: v.string(),
    Payload: Bytes,
    Coalesce: v.boolean(),
  }),
  v.object({
    Event: v.picklist(['member-join', 'member-leave', 'member-failed', 'member-update', 'member-reap']),
    Members: v.array(MemberRecord),
  }),
]);
export type StreamRecord = v.InferOutput<typeof StreamRecord>;
export type QueryEventRecord = Extract<StreamRecord, { Event: 'query' }>;

/** One line of the agent's log. */
export const MonitorRecord = v.object({ Log: v.string() });

/** What comes back to a query: `ack` and `response` name their node, `done` comes at the deadline. */
export const QueryRecord = v.object({
  Type: v.picklist(['ack', 'response', 'done']),
  From: v.string(),
  Payload: Bytes,
});
export type QueryRecord = v.InferOutput<typeof QueryRecord>;

export interface QueryBody {
  /** Nobody named: everybody. */
  FilterNodes: readonly string[];
  /** Regular expressions (RE2), unanchored; a missing tag is matched as "". */
  FilterTags: Readonly<Record<string, string>>;
  RequestAck: boolean;
  /** So many other nodes send each response a second time. */
  RelayFactor: number;
  /** Nanoseconds. */
  Timeout: number;
  Name: string;
  Payload: Uint8Array;
}

const none = undefined;

interface Command {
  /** The body of its response, if it has one. */
  reply: v.GenericSchema | undefined;
  /** When to take the agent for dead, ms. Longer than the agent's own limits: a cluster can be slow, an agent is not. */
  limitMs: number;
}

/**
 * The commands, but for `stop`: ending a stream can crash the agent (send on closed channel), so a stream lasts as long
 * as its connection.
 */
export const COMMANDS = {
  handshake: { reply: none, limitMs: 10_000 },
  auth: { reply: none, limitMs: 10_000 },
  event: { reply: none, limitMs: 10_000 },
  'force-leave': { reply: none, limitMs: 30_000 },
  // 10 s for each address that does not answer, one after the other.
  join: { reply: JoinReply, limitMs: 120_000 },
  members: { reply: MembersReply, limitMs: 15_000 },
  'members-filtered': { reply: MembersReply, limitMs: 15_000 },
  // Answered when the others have been told, or after 5 s.
  tags: { reply: none, limitMs: 30_000 },
  stream: { reply: none, limitMs: 10_000 },
  monitor: { reply: none, limitMs: 10_000 },
  query: { reply: none, limitMs: 10_000 },
  respond: { reply: none, limitMs: 10_000 },
  leave: { reply: none, limitMs: 30_000 },
  stats: { reply: StatsReply, limitMs: 10_000 },
  'list-keys': { reply: KeyReply, limitMs: 60_000 },
  'install-key': { reply: KeyReply, limitMs: 60_000 },
  'use-key': { reply: KeyReply, limitMs: 60_000 },
  'remove-key': { reply: KeyReply, limitMs: 60_000 },
} as const satisfies Record<string, Command>;

export type CommandName = keyof typeof COMMANDS;
