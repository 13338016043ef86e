import { type Balancer, until } from '@rollcall/testkit';
import { hold } from '../errors.ts';
import type { Room } from '../room/room.ts';

const SERF_LOG = '/var/log/serf.log';

/** The balancer's handler sees joins, a leave and a failure, and writes them down. */
export async function task3(room: Room): Promise<void> {
  // It need not be waited for long to see a failed node go.
  const ha = await room.balancer({ env: { ROLLCALL_FAILED_GRACE_SECONDS: '2' } });
  await room.untilInService(ha);
  const before = await ha.container.logs();
  hold(!before.includes('s1'), 'no word of s1 in the log of ha before it joins', before);
  await room.save('docker-logs-ha-before-s1.txt', before);

  const s1 = await room.web('s1');
  await room.untilInService(ha, 's1');
  await untilWritten(ha, /^\S+ joined s1 \d+\.\d+\.\d+\.\d+ /m);
  await room.saveLogs('docker-logs-ha-after-s1.txt', ha);
  await room.saveLogs('docker-logs-s1.txt', s1);

  const s2 = await room.web('s2');
  // One that stays: while nobody else is up, the balancer forgets nobody.
  await room.web('s3');
  await room.untilInService(ha, 's1', 's2', 's3');
  await room.stop(s1);
  await untilWritten(ha, /^\S+ left s1 \d+\.\d+\.\d+\.\d+ backend$/m);
  await s2.container.kill();
  await untilWritten(ha, /^\S+ failed s2 \d+\.\d+\.\d+\.\d+ backend$/m);
  await room.untilInService(ha, 's3');
  await room.save('serf.log', (await ha.container.readFile(SERF_LOG)) ?? '');
}

async function untilWritten(ha: Balancer, line: RegExp): Promise<void> {
  await until(`${line} in ${SERF_LOG}`, () => ha.container.readFile(SERF_LOG), {
    accept: (text = '') => line.test(text),
  });
}
