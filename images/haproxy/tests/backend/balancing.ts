import { isDeepStrictEqual } from 'node:util';
import type { BalancerStatus } from '@rollcall/haproxy-handler';
import { type Balancer, until } from '@rollcall/testkit';

/** What the balancer tells of itself. */
export async function balancerStatus(ha: Balancer): Promise<BalancerStatus> {
  const status = await ha.status();
  if (!status?.roleStatus) throw new Error('the balancer has not told of itself yet');
  return status.roleStatus as BalancerStatus;
}

/** Waits until HAProxy has these servers, as `s1 UP`, and the balancer's status agrees on who is in rotation. */
export async function untilServing(ha: Balancer, ...expected: readonly string[]): Promise<void> {
  await until(
    `${expected.join(', ') || 'no server'} at the balancer`,
    async () => {
      const servers = (await ha.stats()).map(({ server, status }) => `${server} ${status}`).sort();
      const known = (await balancerStatus(ha)).servers.map(({ node, state, up }) =>
        state === 'maint' ? `${node} MAINT` : `${node} ${up ? 'UP' : 'DOWN'}`,
      );
      return { servers, known };
    },
    { accept: ({ servers, known }) => isDeepStrictEqual([servers, known], [expected, expected]) },
  );
}

/** The number of the process that takes new connections. */
export async function workerOf(ha: Balancer): Promise<string> {
  const pid = /^Pid: (\d+)$/m.exec(await ha.runtime('show info'))?.[1];
  if (pid === undefined) throw new Error('HAProxy does not tell its process number');
  return pid;
}

/** The template that is built in, with a mark in it. */
export function marked(template: string, mark: string): string {
  return `${template}\n# ${mark}\n`;
}
