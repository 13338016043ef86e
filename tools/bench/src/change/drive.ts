import type { Stage, TestContainer } from '@rollcall/testkit';
import { driverCode } from '../driver-code.ts';
import type { DriverOrder, DriverReport } from './protocol.ts';

/**
 * Runs the driver in a container to its end.
 *
 * @param nodeFlags for the driver's process
 * @returns what it reports, and the container, which has ended
 */
export async function drive(
  stage: Stage,
  order: DriverOrder,
  nodeFlags: readonly string[] = [],
): Promise<{ report: DriverReport; container: TestContainer }> {
  const container = await stage.run({
    image: 'rollcall/haproxy',
    // Over the image's own folders, so that everything is written where the balancer writes it.
    user: '0',
    cmd: ['node', ...nodeFlags, '/bench/driver.mjs', JSON.stringify(order)],
    files: { '/bench/driver.mjs': await driverCode('change-driver') },
  });
  const exitCode = await container.waitForExit();
  const logs = await container.logs();
  const last = logs.trimEnd().split('\n').at(-1) ?? '';
  if (exitCode !== 0) throw new Error(`the driver ended with ${exitCode}:\n${logs.slice(-4_000)}`);
  return { report: JSON.parse(last), container };
}
