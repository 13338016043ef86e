import { Stage, type TestContainer, until } from '@rollcall/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

export interface Promised {
  /** Megabytes (10^6 bytes), shared layers included. */
  readonly atMostMb: number;
  /** The services beside `serf` and `handler`. */
  readonly services?: readonly string[];
  /** Lines with a warning that belong to the image's work. */
  readonly expectedWarnings?: RegExp;
}

const SCANDIR = '/run/rollcall/scandir';

/**
 * What every image of the family promises to who runs it. An image's tests begin with it.
 *
 * @param image such as `rollcall/base`
 */
export function describeContract(image: string, promised: Promised): void {
  const services = ['handler', 'serf', ...(promised.services ?? [])];

  describe(`${image} as a container`, () => {
    let stage: Stage;
    let network: string;
    /** Where the image writes, for mounts over them. */
    let tmpfs: Record<string, string>;

    beforeAll(async () => {
      stage = await Stage.open('contract');
      network = await stage.network();
      const { output } = await ended({ cmd: ['sh', '-c', 'cat /opt/rollcall/writes/*'] });
      tmpfs = Object.fromEntries(
        output
          .trim()
          .split('\n')
          .map((place) => [place, '']),
      );
    });
    afterAll(() => stage.close());

    type Options = Omit<Parameters<Stage['run']>[0], 'image'>;
    const start = (options: Options = {}) =>
      stage.run({ image, network, aliases: ['rollcall'], hostname: 'node-1', ...options });

    /** Runs a container to its end. */
    async function ended(options: Options): Promise<{ exitCode: number; output: string }> {
      const container = await start(options);
      return { exitCode: await container.waitForExit(), output: await container.logs() };
    }

    describe('that runs a command in place of the services', () => {
      it.each([
        [['node', '--eval', 'console.log(6 * 7)'], 0, '42\n'],
        [['sh', '-c', 'exit 7'], 7, ''],
        [['id', '-u'], 0, '7373\n'],
      ])('%j', async (cmd, exitCode, output) => {
        expect(await ended({ cmd })).toEqual({ exitCode, output });
      });
    });

    it('says that it takes no options', async () => {
      const { exitCode, output } = await ended({ cmd: ['--verbose'] });
      expect({ exitCode, output }).toEqual({
        exitCode: 64,
        output: expect.stringContaining('docker run -it IMAGE sh'),
      });
    });

    it('says what is wrong with its configuration, and ends with 78', async () => {
      const { exitCode, output } = await ended({ env: { ROLLCALL_NOED: 's1', ROLLCALL_GOSSIP_PORT: 'x' } });
      expect(exitCode).toBe(78);
      expect(output).toContain('ROLLCALL_NODE');
      expect(output).toContain('ROLLCALL_GOSSIP_PORT');
    });

    it('says what to do when it has nowhere to write', async () => {
      const { exitCode, output } = await ended({ readOnly: true });
      expect(exitCode).toBe(73);
      for (const place of Object.keys(tmpfs)) expect(output).toContain(`--tmpfs ${place}`);
    });

    it.each<[string, () => Options]>([
      ['a read-only root file system', () => ({ readOnly: true, tmpfs })],
      ['any other user', () => ({ user: '12345' })],
    ])('is healthy with %s, not as root', async (_, options) => {
      const container = await start(options());
      await until('the container to be healthy', () => container.health(), {
        accept: (health) => health === 'healthy',
      });
      expect((await container.exec(['id', '-u'])).stdout).not.toBe('0\n');
      expect(await container.stop()).toBe(0);
    });

    describe('that is up', () => {
      let container: TestContainer;
      beforeAll(async () => {
        container = await start();
        await until('the node to run', () => status(container), {
          accept: ({ phase }) => phase === 'running',
        });
      });

      // Containers of this suite have one name: two at a time would be in conflict.
      afterAll(() => container.stop());

      it('has every line of its log name the service', async () => {
        const services = async () => new Set((await container.logs()).split('\n').map(serviceOf));
        await until('lines of the handler and of serf', async () => {
          const named = await services();
          return named.has('handler') && named.has('serf');
        });
        const strange = (await container.logs())
          .split('\n')
          .filter((line) => line !== '' && serviceOf(line) === undefined);
        expect(strange).toEqual([]);
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

      it.each(services)('has %s back by itself after kill -9', async (service) => {
        const before = await until('its process', () => pidOf(container, service));
        await container.exec(['s6-svc', '-k', `${SCANDIR}/${service}`]);
        await until('another process', () => pidOf(container, service), {
          accept: (pid) => pid !== undefined && pid !== before,
        });
      });
    });

    it('ends all in order when it is stopped, and starts again as if new', async () => {
      const container = await start();
      const first = await until('the node to run', () => status(container), {
        accept: ({ phase }) => phase === 'running',
      });
      expect(await container.stop()).toBe(0);
      const logs = await container.logs();
      const drained = logs.indexOf('"msg":"drained"');
      expect(drained).toBeGreaterThan(-1);
      expect(logs.indexOf('graceful leave')).toBeGreaterThan(drained);

      await container.start();
      await until('a node of another boot to run', () => status(container), {
        accept: ({ phase, boot }) => phase === 'running' && boot !== first.boot,
      });
      // As Ctrl-C does.
      await container.kill('SIGINT');
      expect(await container.waitForExit()).toBe(0);
    });

    it('warns of nothing while all is well', async () => {
      const container = await start();
      await until('the node to run', () => status(container), { accept: ({ phase }) => phase === 'running' });
      await container.stop();
      expect(
        (await container.logs()).split('\n').filter((line) => isWarning(line, promised.expectedWarnings)),
      ).toEqual([]);
    });

    it('is small and says what it is', async () => {
      const { Size, Config } = await stage.docker.getImage(image).inspect();
      expect(Size / 1e6).toBeLessThan(promised.atMostMb);
      expect(Config.Labels).toMatchObject({
        'org.opencontainers.image.title': image,
        'org.opencontainers.image.description': expect.any(String),
        'org.opencontainers.image.version': expect.stringMatching(/^\d+\.\d+\.\d+/),
        'org.opencontainers.image.licenses': 'MIT',
        'org.opencontainers.image.base.name': expect.stringMatching(/^rollcall\//),
      });
    });
  });
}

async function status(
  container: TestContainer,
): Promise<{ readonly boot?: string; readonly phase?: string }> {
  return JSON.parse((await container.readFile('/run/rollcall/status.json')) ?? '{}');
}

async function pidOf(container: TestContainer, service: string): Promise<number | undefined> {
  const { stdout } = await container.exec(['s6-svstat', '-o', 'pid', `${SCANDIR}/${service}`]);
  return Number(stdout) > 0 ? Number(stdout) : undefined;
}

/** The name before a line, or in a line of JSON. */
function serviceOf(line: string): string | undefined {
  if (line.startsWith('{')) return JSON.parse(line).service;
  return /^([a-z][a-z0-9-]*): /.exec(line)?.[1];
}

function isWarning(line: string, expected: RegExp | undefined): boolean {
  if (expected?.test(line)) return false;
  return /"level":"(warn|error|fatal)"|\[(WARN|ERR|ALERT)|\b(warning|fatal|error)\b/i.test(line);
}
