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

/** A query that reached the agent, as `stream` tells it. */
export const QueryEventRecord = v.object({
  Event: v.literal('query'),
  ID: WholeNumber,
  LTime: WholeNumber,
  Name: v.string(),
  Payload: Bytes,
});
export type QueryEventRecord = v.InferOutput<typeof QueryEventRecord>;

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
 * The commands that are of use here. Not `stop`: ending a stream can crash the agent (send on closed channel), so a stream lasts as long
 * as its connection.
 */
export const COMMANDS = {
  handshake: { reply: none, limitMs: 10_000 },
  auth: { reply: none, limitMs: 10_000 },
  // 10 s for each address that does not answer, one after the other.
  join: { reply: JoinReply, limitMs: 120_000 },
  members: { reply: MembersReply, limitMs: 15_000 },
  // Answered when the others have been told, or after 5 s.
  tags: { reply: none, limitMs: 30_000 },
  stream: { reply: none, limitMs: 10_000 },
  monitor: { reply: none, limitMs: 10_000 },
  query: { reply: none, limitMs: 10_000 },
  respond: { reply: none, limitMs: 10_000 },
} as const satisfies Record<string, Command>;

export type CommandName = keyof typeof COMMANDS;
