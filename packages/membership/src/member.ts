import type { Tags } from './tags.ts';

/** `leaving` and `left` are the node's own words; `failed` is a suspicion of the others. */
export type MemberStatus = 'alive' | 'leaving' | 'left' | 'failed';

/**
 * One node as the local agent knows it. `refused` says in plain words why its name or tags are not to be trusted:
 * such a member is shown to people, with its name escaped, and never acted on.
 */
export type Member = {
  name: string;
  /** An IP literal, IPv4 or IPv6, without brackets. */
  address: string;
  status: MemberStatus;
} & ({ tags: Tags } | { refused: string });

/** Who is in the room, sorted by name; the node itself included. */
export interface View {
  members: readonly Member[];
}
