import type { ServiceStatus } from './status.ts';

/** The last time that a service was held. */
export interface HeldSpell {
  /** When it was found dying too often, and when it was let go again, ms since the epoch. */
  readonly heldAt: number;
  readonly releasedAt?: number;
  readonly forMs: number;
}

/** A service that keeps failing is tried again less and less often, down to this much less. */
const LONGEST = 8;

/**
 * The spell that a service is in, or was in last.
 *
 * It lasts twice as long as the one before when the service was held again before it had been free for twice as long
 * as it was held.
 *
 * @param holdMs how long the service is to be held the first time
 */
export function spellOf(
  status: ServiceStatus,
  before: HeldSpell | undefined,
  holdMs: number,
): HeldSpell | undefined {
  if (!status.held || before?.heldAt === status.since) return before;
  const soonAgain = before?.releasedAt !== undefined && status.since - before.releasedAt < 2 * before.forMs;
  return { heldAt: status.since, forMs: soonAgain ? Math.min(2 * before.forMs, LONGEST * holdMs) : holdMs };
}

/** How long the spell still lasts. Over as well when the clock was set back to before it began. */
export function msLeft({ heldAt, forMs }: HeldSpell, now: number): number {
  return now < heldAt ? 0 : Math.max(0, heldAt + forMs - now);
}
