import { areSame, type DesiredServer, placeOf, type Routes, type Step } from './plan.ts';
import { endpoint, keyOf, type Registered } from './server.ts';

/** A server of the roster as HAProxy should have it. */
export type RegisteredServer = Registered & DesiredServer;

/** What HAProxy should have, and its process. */
export interface Desired {
  readonly servers: readonly RegisteredServer[];
  readonly routes: Routes;
  readonly worker: number;
}

/** How HAProxy was left, when all went well. */
export interface Settled extends Desired {
  /** Servers that were still to be deleted, by `keyOf` each. */
  readonly left: ReadonlySet<string>;
}

export interface Drift {
  readonly steps: readonly Step[];
  readonly cause: string;
}

/**
 * HAProxy was as it should be, it should be the same now, and yet there are steps to take: somebody else changed it.
 *
 * @param steps what it takes to have it so again
 */
export function driftOf(settled: Settled, now: Desired, steps: readonly Step[]): Drift | undefined {
  if (steps.length === 0 || !areSame(settled.routes, now.routes)) return undefined;
  if (!areSameServers(settled.servers, now.servers)) return undefined;
  const strange = steps.filter((step) => step.do !== 'delete' || !settled.left.has(placeOf(step)));
  if (strange.length === 0) return undefined;
  return {
    steps: strange,
    cause: now.worker === settled.worker ? 'it was changed by hand' : 'it was started anew',
  };
}

function areSameServers(some: Desired['servers'], others: Desired['servers']): boolean {
  return (
    some.length === others.length &&
    some.every((one, index) => {
      const other = others[index];
      return other !== undefined && (one === other || isSameServer(one, other));
    })
  );
}

function isSameServer(one: RegisteredServer, other: RegisteredServer): boolean {
  const isSamePlace = keyOf(one) === keyOf(other) && endpoint(one) === endpoint(other);
  return isSamePlace && one.boot === other.boot && one.weight === other.weight && one.mode === other.mode;
}
