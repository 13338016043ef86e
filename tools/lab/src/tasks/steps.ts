import type { Balancer, ClusterNode } from '@rollcall/testkit';
import type { Room } from '../room/room.ts';

/** Starts `ha`, `s1` and `s2`, one after the other, and saves haproxy.cfg after each: it has just the servers there are. */
export async function saveConfigs(room: Room): Promise<{ ha: Balancer; s1: ClusterNode; s2: ClusterNode }> {
  const ha = await room.balancer();
  await room.untilInService(ha);
  await room.saveConfig('haproxy-1-ha.cfg', ha);
  const s1 = await room.web('s1');
  await room.untilInService(ha, 's1');
  await room.saveConfig('haproxy-2-s1.cfg', ha);
  const s2 = await room.web('s2');
  await room.untilInService(ha, 's1', 's2');
  await room.saveConfig('haproxy-3-s2.cfg', ha);
  return { ha, s1, s2 };
}
