import * as v from 'valibot';
import type { ReadStatus } from './node-status.ts';

/** A server as a balancer has it. */
export interface Server {
  readonly node: string;
  /** Which start of the node's container it belongs to. */
  readonly boot: string;
  /** Whether HAProxy sends requests there as far as the balancer has told it to. */
  readonly state: 'ready' | 'drain' | 'maint';
  /** Whether HAProxy's own checks reach it. */
  readonly up: boolean;
  readonly inFlight: number;
  /** Its agent does not answer, but HAProxy's checks may. */
  readonly suspect: boolean;
}

/** A thing that happened to a node, as one balancer saw it. */
export interface StoryEntry {
  /** ISO 8601. */
  readonly at: string;
  readonly what: string;
  readonly cause: string;
}

/** What a balancer sees. */
export interface BalancerView {
  readonly servers: readonly Server[];
  readonly stories: Readonly<Record<string, readonly StoryEntry[]>>;
}

const roleStatus = v.object({
  servers: v.array(
    v.object({
      node: v.string(),
      boot: v.string(),
      state: v.picklist(['ready', 'drain', 'maint']),
      up: v.boolean(),
      inFlight: v.number(),
      suspect: v.boolean(),
    }),
  ),
  stories: v.record(v.string(), v.array(v.object({ at: v.string(), what: v.string(), cause: v.string() }))),
});

/** Reads a balancer's view from its status; undefined where there is none yet, or one of another Rollcall. */
export function viewOf(status: ReadStatus | undefined): BalancerView | undefined {
  const parsed = v.safeParse(roleStatus, status?.roleStatus);
  return parsed.success ? parsed.output : undefined;
}

/** Members that the balancer does not use because of their name or tags. */
export function refusedBy(status: ReadStatus | undefined): { name: string; reason: string }[] {
  return (status?.members ?? []).flatMap(({ name, refused }) =>
    refused === undefined ? [] : [{ name, reason: refused }],
  );
}
