import type { Balancer } from '@rollcall/testkit';
import { hold } from '../errors.ts';
import { HeldUpload } from '../room/held-upload.ts';
import type { Room } from '../room/room.ts';
import type { Shown } from '../room/stats-page.ts';

/** More than the limits of a picture together: the request is let go of as soon as that is there. */
const DRAIN_SECONDS = 300;

/** Traffic follows at once: one, two, three nodes, then `s1` is stopped: shown as leaving, then gone. */
export async function task6(room: Room): Promise<void> {
  const ha = await room.balancer();
  const s1 = await room.web('s1', { env: { ROLLCALL_DRAIN_SECONDS: String(DRAIN_SECONDS) } });
  await room.untilInService(ha, 's1');
  await look(room, ha, '1-one-node', { s1: 'UP' });
  await room.web('s2');
  await room.untilInService(ha, 's1', 's2');
  await look(room, ha, '2-two-nodes', { s1: 'UP', s2: 'UP' });
  await room.web('s3');
  await room.untilInService(ha, 's1', 's2', 's3');
  await look(room, ha, '3-three-nodes', { s1: 'UP', s2: 'UP', s3: 'UP' });

  const upload = await HeldUpload.begin(ha, 's1');
  try {
    const stopped = room.stop(s1);
    // It is waited for below; until then a failure must not end the process.
    stopped.catch(() => undefined);
    await look(room, ha, '4-s1-leaving', { s1: 'MAINT', s2: 'UP', s3: 'UP' });
    const answer = await upload.end();
    hold(/^200 .*"host":"s1"/.test(answer), 'the request that was in flight is answered by s1', answer);
    await stopped;
  } finally {
    upload.abandon();
  }
  await room.untilInService(ha, 's2', 's3');
  await look(room, ha, '5-s1-gone', { s2: 'UP', s3: 'UP' });
}

async function look(room: Room, ha: Balancer, step: string, shown: Record<string, Shown>): Promise<void> {
  await room.savePicture(`stats-${step}.png`, ha, shown);
  await room.saveDockerPs(`docker-ps-${step}.txt`);
}
