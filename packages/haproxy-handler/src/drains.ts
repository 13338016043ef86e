import { isBackend, type View } from '@rollcall/membership';

/** A node that asked to get no more requests: which start of it, and when (by `steadyNow`). */
export interface Drain {
  readonly boot: string;
  readonly at: number;
}

/** By the names of the nodes. */
export type Drains = ReadonlyMap<string, Drain>;

/**
 * How long a drain holds that the node's tags do not confirm. Gossip needs a fraction of it; a node that takes a drain back
 * before its tags have told of it is back after this.
 */
export const UNCONFIRMED_MS = 10_000;

/**
 * The drains that still hold: a query arrives before the tags that say the same, so a view that still says `ready` must
 * not undo it. Once the tags of that start say so themselves, they alone decide.
 */
export function drainsInForce(drains: Drains, view: View | undefined, now: number): Drains {
  const inForce = [...drains].filter(
    ([node, drain]) => now - drain.at < UNCONFIRMED_MS && !haveTagsSpoken(node, drain, view),
  );
  return new Map(inForce);
}

function haveTagsSpoken(node: string, { boot }: Drain, view: View | undefined): boolean {
  const member = view?.members.find(({ name }) => name === node);
  if (!member || 'refused' in member || member.tags.boot !== boot) return false;
  const isGoing = member.status === 'leaving' || member.status === 'left';
  return isGoing || !isBackend(member.tags) || member.tags.state === 'draining';
}
