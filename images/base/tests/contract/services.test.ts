import { type TestContainer, until } from '@rollcall/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Containers, image, SCANDIR, untilRunning } from '../image-under-test.ts';
import { promised } from '../promised.ts';

describe(`${image}, running`, () => {
  let containers: Containers;
  let container: TestContainer;
  beforeAll(async () => {
    containers = await Containers.open();
    container = await containers.start({ healthCheck: { everySeconds: 1 } });
    await untilRunning(container);
  });
  afterAll(() => containers.close());

  it('has the promised services, and s6 as its first process', async () => {
    const { stdout } = await container.exec(['ls', SCANDIR]);
    expect(stdout.trim().split('\n')).toEqual([...promised.services].sort());
    expect((await container.exec(['cat', '/proc/1/comm'])).stdout).toBe('s6-svscan\n');
  });

  it('has every line of its log name the service', async () => {
    const lines = async () => (await container.logs()).split('\n').filter((line) => line !== '');
    await until('lines of the handler and of serf', async () => {
      const named = new Set((await lines()).map(serviceOf));
      return named.has('handler') && named.has('serf');
    });
    expect((await lines()).filter((line) => serviceOf(line) === undefined)).toEqual([]);
  });

  it('writes who came into /var/log/serf.log', async () => {
    const line = await until('the event', async () =>
      (await container.readFile('/var/log/serf.log'))?.split('\n').find((text) => text.includes('join')),
    );
    expect(line).toContain('node-1');
    expect(line).toContain(container.address);
  });

  it('is healthy, and no longer when a service is down', async () => {
    const health = (awaited: string) =>
      until(`the container to be ${awaited}`, () => container.health(), {
        accept: (now) => now === awaited,
      });
    await health('healthy');
    await container.exec(['s6-svc', '-d', `${SCANDIR}/serf`]);
    await health('unhealthy');
    await container.exec(['s6-svc', '-u', `${SCANDIR}/serf`]);
    await health('healthy');
  });

  it.each(promised.services)('has %s back by itself after kill -9', async (service) => {
    const before = await until('its process', () => pidOf(container, service));
    await container.exec(['s6-svc', '-k', `${SCANDIR}/${service}`]);
    await until('another process', () => pidOf(container, service), {
      accept: (pid) => pid !== undefined && pid !== before,
    });
  });
});

async function pidOf(container: TestContainer, service: string): Promise<number | undefined> {
  const { stdout } = await container.exec(['s6-svstat', '-o', 'pid', `${SCANDIR}/${service}`]);
  return Number(stdout) > 0 ? Number(stdout) : undefined;
}

/** The name before a line, or in a line of JSON. */
function serviceOf(line: string): string | undefined {
  if (line.startsWith('{')) return JSON.parse(line).service;
  return /^([a-z][a-z0-9-]*): /.exec(line)?.[1];
}
