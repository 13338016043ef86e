import type { BackendStatus } from '@rollcall/backend';
import * as v from 'valibot';
import type { ReadStatus } from './node-status.ts';

/** How far a node's drain is at one balancer. */
export type DrainAt = NonNullable<BackendStatus['drain']>['balancers'][number];

const roleStatus = v.object({
  drain: v.object({
    balancers: v.array(
      v.object({ node: v.string(), applied: v.boolean(), inFlight: v.exactOptional(v.number()) }),
    ),
  }),
});

/** How far a web node's drain is, by its own status; empty when it is not draining. */
export function drainOf(status: ReadStatus): readonly DrainAt[] {
  const parsed = v.safeParse(roleStatus, status.roleStatus);
  return parsed.success ? parsed.output.drain.balancers : [];
}

/** Takes a new look into the most that was seen in flight at each balancer. */
export function mostInFlight(
  before: ReadonlyMap<string, number>,
  drain: readonly DrainAt[],
): Map<string, number> {
  const most = new Map(before);
  for (const { node, inFlight = 0 } of drain) most.set(node, Math.max(most.get(node) ?? 0, inFlight));
  return most;
}

/** The end of a drain as a sentence. */
export function drainedText(
  node: string,
  drain: readonly DrainAt[],
  most: ReadonlyMap<string, number>,
): string {
  if (drain.length === 0) return `${node} is drained; no balancer had it`;
  const out = `${node} is out of rotation at ${drain.map((each) => each.node).join(', ')}`;
  const total = [...most.values()].reduce((sum, each) => sum + each, 0);
  const left = drain.filter(({ inFlight = 0 }) => inFlight > 0);
  if (total === 0) return `${out}; nothing was in flight`;
  const had = `${out}; ${requests(total)} in flight`;
  if (left.length === 0) return `${had} when it began, all ended`;
  const still = left.map(({ node: at, inFlight = 0 }) => `${inFlight} at ${at}`).join(', ');
  return `${had} when it began, and when its time was over still ${still}: they go on as long as the app runs`;
}

function requests(count: number): string {
  return count === 1 ? '1 request was' : `${count} requests were`;
}
