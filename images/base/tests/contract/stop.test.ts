import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Containers, image, untilRunning } from '../image-under-test.ts';
import { promised } from '../promised.ts';

let containers: Containers;
beforeAll(async () => {
  containers = await Containers.open();
});
afterAll(() => containers.close());

describe(`${image}, stopped`, () => {
  it('ends all in order, and starts again as if new', async () => {
    const container = await containers.start();
    const first = await untilRunning(container);
    const exitCode = await container.stop();
    const logs = await container.logs();
    expect(exitCode, logs).toBe(0);
    const drained = logs.indexOf('"msg":"drained"');
    expect(drained).toBeGreaterThan(-1);
    expect(logs.indexOf('graceful leave')).toBeGreaterThan(drained);

    await container.start();
    await untilRunning(container, ({ boot }) => boot !== first.boot);
    // As Ctrl-C does.
    await container.kill('SIGINT');
    expect(await container.waitForExit()).toBe(0);
  });

  it('has warned of nothing while all was well', async () => {
    const container = await containers.start();
    await untilRunning(container);
    await container.stop();
    expect((await container.logs()).split('\n').filter(isUnexpected)).toEqual([]);
  });
});

function isUnexpected(line: string): boolean {
  if (promised.expectedWarnings.some((expected) => expected.test(line))) return false;
  return /"level":"(warn|error|fatal)"|\[(WARN|ERR|ALERT)|\b(warning|fatal|error)\b/i.test(line);
}
