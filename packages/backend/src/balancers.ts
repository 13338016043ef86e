import type { Member, View } from '@rollcall/membership';

/**
 * The balancers that a node has to reckon with: those alive in the view.
 *
 * An agent that was started again knows nobody for a moment. A view of this node alone therefore takes back nothing
 * of what was known before: the balancers still send requests here.
 *
 * @param known undefined where it is not known who they are
 */
export function followBalancers(
  known: readonly string[] | undefined,
  view: View,
  self: string,
): readonly string[] | undefined {
  if (view.members.every(({ name }) => name === self)) return known;
  return view.members.filter(isLiveBalancer).map(({ name }) => name);
}

function isLiveBalancer(member: Member): boolean {
  return member.status === 'alive' && 'tags' in member && member.tags.role === 'balancer';
}
