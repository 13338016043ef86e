import type { Before } from '@rollcall/handler';
import type { BackendState, Claim } from '@rollcall/membership';
import * as v from 'valibot';
import type { Readiness } from './readiness.ts';

/** How the handler before this one left the node, in this start of its container. */
export interface StateBefore {
  readonly state: BackendState;
  readonly readiness: Readiness;
  readonly claims: readonly Claim[];
}

const timestamp = v.pipe(
  v.string(),
  v.isoTimestamp(),
  v.transform((text) => Date.parse(text)),
);

/** What is taken from a `BackendStatus`. */
const Status = v.object({
  app: v.object({
    ready: v.boolean(),
    since: timestamp,
  }),
  routes: v.array(v.object({ route: v.string(), since: timestamp })),
});

/**
 * A handler that was killed changes nothing for the app: the node must not leave the rotation for that, and one that
 * is drained must not come back.
 *
 * @returns undefined where there was none, or it did not come to tell of the app
 */
export function stateBefore(before: Before | undefined): StateBefore | undefined {
  const status = v.safeParse(Status, before?.roleStatus);
  if (!before || !status.success) return undefined;
  const { ready, since } = status.output.app;
  const state = before.isDraining ? 'draining' : ready ? 'ready' : 'starting';
  return { state, readiness: { ready, since, failures: 0 }, claims: status.output.routes };
}
