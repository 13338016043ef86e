import type { BackendTags, Change, Member, Room, Tags } from '@rollcall/membership';
import { until } from '@rollcall/testkit';

/** Tags of an app's node, told apart by `port`. */
export function backend(port: number, boot = 'first'): BackendTags {
  return { role: 'backend', boot, service: 'web', port, state: 'ready', weight: 100, check: { by: 'tcp' } };
}

export function member(room: Room, name: string): Member | undefined {
  return room.view()?.members.find((candidate) => candidate.name === name);
}

export function tagsOf(room: Room, name: string): Tags | undefined {
  const found = member(room, name);
  return found && 'tags' in found ? found.tags : undefined;
}

/** The names of those that are alive for this room. */
export function alive(room: Room): string[] {
  const members = room.view()?.members ?? [];
  return members.filter(({ status }) => status === 'alive').map(({ name }) => name);
}

export async function untilAlive(room: Room, names: readonly string[]): Promise<void> {
  const expected = [...names].sort().join();
  await until(`${expected} to be alive`, () => alive(room), { accept: (found) => found.join() === expected });
}

/** Every change that the room tells of from now on. */
export function changesOf(room: Room): Change[] {
  const changes: Change[] = [];
  room.on('view', (_view, more) => changes.push(...more));
  return changes;
}

export function kindsOf(changes: readonly Change[], name: string): Change['kind'][] {
  return changes.filter((change) => change.member.name === name).map(({ kind }) => kind);
}
