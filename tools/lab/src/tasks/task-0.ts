import type { Room } from '../room/room.ts';
import { collectLogs } from './collect-logs.ts';

/** The starting point: a balancer and two nodes behind it. A third one pushes its logs to a central place. */
export async function task0(room: Room): Promise<void> {
  const ha = await room.balancer();
  await room.web('s1');
  await room.web('s2');
  await room.untilInService(ha, 's1', 's2');
  await room.savePicture('stats.png', ha, { s1: 'UP', s2: 'UP' });
  await collectLogs(room);
}
