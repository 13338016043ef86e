import type { BalancerStatus } from '@rollcall/haproxy-handler';
import * as v from 'valibot';
import type { ReadStatus } from './node-status.ts';

/** What the cli reads of a balancer's status. */
export type BalancerView = Pick<
  BalancerStatus,
  'services' | 'refused' | 'refusedClaims' | 'templateProblem'
> & {
  readonly servers: readonly Server[];
  readonly stories: Readonly<Record<string, readonly StoryEntry[]>>;
};

/** A server as a balancer has it. */
export type Server = Pick<
  BalancerStatus['servers'][number],
  'node' | 'service' | 'boot' | 'state' | 'up' | 'inFlight' | 'suspect'
>;

/** Something that happened to a node, as one balancer saw it. */
export interface StoryEntry {
  /** ISO 8601. */
  readonly at: string;
  readonly what: string;
  readonly cause: string;
}

const roleStatus = v.object({
  servers: v.array(
    v.object({
      node: v.string(),
      service: v.string(),
      boot: v.string(),
      state: v.picklist(['ready', 'maint']),
      up: v.boolean(),
      inFlight: v.number(),
      suspect: v.boolean(),
    }),
  ),
  services: v.array(v.object({ service: v.string(), routes: v.array(v.string()) })),
  refused: v.array(v.object({ name: v.string(), reason: v.string() })),
  refusedClaims: v.array(
    v.object({
      service: v.string(),
      route: v.string(),
      reason: v.string(),
      heldBy: v.exactOptional(v.string()),
    }),
  ),
  templateProblem: v.exactOptional(v.string()),
  stories: v.record(v.string(), v.array(v.object({ at: v.string(), what: v.string(), cause: v.string() }))),
});

/** A balancer's view, from its status; undefined where it has none yet, or one of another Rollcall. */
export function viewOf(status: ReadStatus | undefined): BalancerView | undefined {
  const parsed = v.safeParse(roleStatus, status?.roleStatus);
  return parsed.success ? parsed.output : undefined;
}
