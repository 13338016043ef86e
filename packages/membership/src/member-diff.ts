import { isDeepStrictEqual } from 'node:util';
import type { Member, View } from './member.ts';

/**
 * What became of one member between two views.
 * `returned`: it had left or failed and is back. `changed`: anything else about it is new, be it one tag, the address, or
 * the boot of a container that came back under its name. `gone`: the agent has forgotten it.
 */
export interface Change {
  kind: 'joined' | 'left' | 'failed' | 'returned' | 'changed' | 'gone';
  member: Member;
  before?: Member;
}

/** The changes from one view to the next, sorted by name; from `undefined`, everybody is new. */
export function diffViews(before: View | undefined, after: View): Change[] {
  const known = new Map((before?.members ?? []).map((member) => [member.name, member]));
  const present = new Set(after.members.map((member) => member.name));
  const changes: Change[] = [];
  for (const member of after.members) {
    const previous = known.get(member.name);
    const kind = kindOf(previous, member);
    if (kind) changes.push(previous ? { kind, member, before: previous } : { kind, member });
  }
  for (const [name, member] of known) {
    if (!present.has(name)) changes.push({ kind: 'gone', member, before: member });
  }
  return changes.sort((a, b) => compareNames(a.member, b.member));
}

function kindOf(before: Member | undefined, after: Member): Change['kind'] | undefined {
  if (isHere(after)) {
    if (!before) return 'joined';
    if (!isHere(before)) return 'returned';
  } else if (before?.status !== after.status) {
    return after.status === 'failed' ? 'failed' : 'left';
  }
  return isDeepStrictEqual(before, after) ? undefined : 'changed';
}

function isHere(member: Member): boolean {
  return member.status === 'alive' || member.status === 'leaving';
}

/** By code units: the same order on every node, whatever its locale. */
export function compareNames(a: { name: string }, b: { name: string }): number {
  return a.name < b.name ? -1 : a.name > b.name ? 1 : 0;
}
