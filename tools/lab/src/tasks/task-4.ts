import type { Room } from '../room/room.ts';
import { saveConfigs } from './steps.ts';

/** haproxy.cfg follows from the template and the members. */
export async function task4(room: Room): Promise<void> {
  const { ha, s1, s2 } = await saveConfigs(room);
  await room.saveDockerPs('docker-ps.txt');
  for (const node of [ha, s1, s2]) await room.saveInspect(`docker-inspect-${node.name}.json`, node);
}
