import type { Room } from '../room/room.ts';
import { saveConfigs } from './steps.ts';

/** `/nodes` has a file for each registered node; one that stops goes from there and from haproxy.cfg. */
export async function task5(room: Room): Promise<void> {
  const { ha, s1, s2 } = await saveConfigs(room);
  await room.saveNodes('nodes-before.txt', ha);
  await room.saveDockerPs('docker-ps-before.txt');
  for (const node of [ha, s1, s2]) await room.saveInspect(`docker-inspect-${node.name}.json`, node);
  await room.stop(s1);
  await room.untilInService(ha, 's2');
  await room.saveConfig('haproxy-4-s1-stopped.cfg', ha);
  await room.saveNodes('nodes-after.txt', ha);
  await room.saveDockerPs('docker-ps-after.txt');
}
