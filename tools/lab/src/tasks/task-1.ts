import { type ClusterNode, until } from '@rollcall/testkit';
import { processTree } from '../room/process-tree.ts';
import type { Room } from '../room/room.ts';

/** Several processes in one container; one that dies comes back; the container stops cleanly. */
export async function task1(room: Room): Promise<void> {
  const ha = await room.balancer();
  const s1 = await room.web('s1');
  await room.web('s2');
  await room.untilInService(ha, 's1', 's2');
  await saveTree('processes-ha.txt', room, ha, ['serf agent', 'haproxy -W', 'handler/dist/main.js']);
  await saveTree('processes-s1.txt', room, s1, ['serf agent', 'demo/server.js', 'handler/dist/main.js']);

  for (const service of ['haproxy', 'handler']) {
    const before = await ha.killService(service);
    const after = await until(`another ${service}`, async () => {
      const pid = await ha.pidOf(service);
      return pid > 0 && pid !== before ? pid : undefined;
    });
    room.say(`kill -9 of ${service} (${before}): it is back (${after})`);
  }
  await room.untilInService(ha, 's1', 's2');
  await saveTree('processes-ha-after-kill.txt', room, ha, [
    'serf agent',
    'haproxy -W',
    'handler/dist/main.js',
  ]);
  await room.savePicture('stats.png', ha, { s1: 'UP', s2: 'UP' });

  for (const node of [s1, ha]) await room.stop(node);
}

/** Waits until all services are there: their commands appear one after the other. */
async function saveTree(file: string, room: Room, node: ClusterNode, commands: string[]): Promise<void> {
  const processes = await until(
    `${commands.join(', ')} in ${node.name}`,
    async () => await room.processes(node),
    { accept: (all) => commands.every((words) => all.some(({ command }) => command.includes(words))) },
  );
  await room.save(file, processTree(processes));
}
