import { isDeepStrictEqual } from 'node:util';
import { type ClusterNode, until } from '@rollcall/testkit';
import type { Room } from '../room/room.ts';

/** One cluster, whoever starts first; the balancer may be away. */
export async function task2(room: Room): Promise<void> {
  const s1 = await room.web('s1');
  const s2 = await room.web('s2');
  await untilKnown(room, s1, ['s1', 's2']);
  await untilKnown(room, s2, ['s1', 's2']);

  const ha = await room.balancer();
  await room.untilInService(ha, 's1', 's2');
  await untilKnown(room, s1, ['ha', 's1', 's2']);

  await room.stop(ha);
  await untilKnown(room, s1, ['s1', 's2']);
  await untilKnown(room, s2, ['s1', 's2']);
  await ha.container.start();
  await room.untilInService(ha, 's1', 's2');

  for (const node of [ha, s1, s2]) await room.saveLogs(`docker-logs-${node.name}.txt`, node);
}

/** Waits until a node knows of just these, itself included, to be alive. */
async function untilKnown(room: Room, node: ClusterNode, names: readonly string[]): Promise<void> {
  await until(
    `just ${names.join(', ')} alive for ${node.name}`,
    async () => {
      const { members = [] } = (await node.status()) ?? {};
      return members.flatMap(({ name, status }) => (status === 'alive' ? [name] : [])).sort();
    },
    { accept: (alive) => isDeepStrictEqual(alive, names) },
  );
  room.say(`${node.name} knows ${names.join(', ')}`);
}
