import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Identity, identityOf } from '../src/identity.ts';
import {
  type Container,
  connectEngine,
  type Engine,
  findImage,
  privateEngineStatus,
  removePrivateEngine,
  startPrivateEngine,
  stopPrivateEngine,
} from '../src/index.ts';
import { installMissing } from '../src/install.ts';
import { until } from '../src/poll.ts';
import { listProcesses, processesOf } from '../src/processes.ts';
import { makeRoot, removeDeadRoots } from './dead-runs.ts';
import { Docker0 } from './docker0.ts';
import { canRunPrivateEngines } from './machine.ts';
import { buildNodeImage, nodeImage } from './node-image.ts';
import { Outside } from './outside.ts';

const limitMs = 60_000;
const forever = 'setInterval(() => {}, 1000)';

describe.skipIf(!canRunPrivateEngines)('a private engine', () => {
  const given = process.env['DOCKER_HOST'];
  let root: string;
  let workspace: string;
  let neighbour: string;
  let identity: Identity;
  const outside = new Outside();
  const docker0 = new Docker0();

  async function start(where = workspace): Promise<Engine> {
    await startPrivateEngine({ workspace: where, progress: () => {} });
    return await connectEngine({ workspace: where });
  }

  async function runNode(
    engine: Engine,
    script: string,
    options: Record<string, unknown> = {},
  ): Promise<Container> {
    const container = await engine.docker.createContainer({
      Image: nodeImage,
      // As pid 1, node takes no notice of SIGTERM.
      StopSignal: 'SIGKILL',
      Cmd: ['/bin/node', '-e', script],
      ...options,
    });
    await container.start();
    return container;
  }

  /** Runs a script in a container to its end; what it printed. */
  async function output(
    engine: Engine,
    script: string,
    HostConfig: Record<string, unknown> = {},
  ): Promise<string> {
    const container = await runNode(engine, script, { HostConfig, Tty: true });
    await container.wait();
    const printed = String(await container.logs({ stdout: true, stderr: true }));
    await container.remove();
    return printed.trim();
  }

  async function processesLeft(): Promise<number[]> {
    return processesOf(identity, undefined, new Set(), await listProcesses());
  }

  async function leftOnMachine() {
    return {
      processes: await processesLeft(),
      runDirectory: existsSync(identity.runDirectory),
      mounts: readFileSync('/proc/self/mountinfo', 'utf8').includes(identity.directory),
      bridge: spawnSync('ip', ['link', 'show', identity.bridge]).status === 0,
      rules: ['nat', 'filter'].some((table) =>
        execFileSync('iptables-save', ['-t', table], { encoding: 'utf8' }).includes(identity.chain),
      ),
    };
  }

  const nothing = { processes: [], runDirectory: false, mounts: false, bridge: false, rules: false };

  beforeAll(async () => {
    delete process.env['DOCKER_HOST'];
    // What comes before the first start of an engine, which would install it, needs it too.
    const need = { what: 'the tests of private engines', otherwise: 'install iproute2 yourself' };
    await installMissing(need, { ip: 'iproute2' }, [], () => {});
    await removeDeadRoots();
    root = makeRoot();
    neighbour = join(root, 'neighbour');
    // Deeper than the path of a unix socket can be.
    workspace = join(root, 'deep'.repeat(30));
    for (const folder of [neighbour, workspace]) mkdirSync(folder);
    identity = identityOf(workspace);
    docker0.open();
    await outside.open();
  });

  afterAll(async () => {
    outside.close();
    docker0.close();
    await removePrivateEngine({ workspace });
    await removePrivateEngine({ workspace: neighbour });
    rmSync(root, { recursive: true, force: true });
    if (given !== undefined) process.env['DOCKER_HOST'] = given;
  });

  test('is absent at first', async () => {
    expect(await privateEngineStatus({ workspace })).toMatchObject({ state: 'absent' });
  });

  test('starts once, however many start it at once', async () => {
    const [one, other] = await Promise.all([start(), start()]);
    expect(one.kind).toBe('private');
    expect(other.host).toBe(one.host);
    const daemons = (await listProcesses()).filter(({ argv }) => argv.includes(identity.configFile));
    expect(daemons).toHaveLength(1);
    expect(await privateEngineStatus({ workspace })).toMatchObject({
      state: 'running',
      host: one.host,
      pid: daemons[0]?.pid,
    });
  });

  test('is detached from the process that started it', async () => {
    const { pid } = await privateEngineStatus({ workspace });
    const session = readFileSync(`/proc/${pid}/stat`, 'utf8').split(' ')[5];
    expect(session).toBe(String(pid));
    expect(readlinkSync(`/proc/${pid}/fd/0`)).toBe('/dev/null');
    expect(readlinkSync(`/proc/${pid}/fd/1`)).toBe(identity.logFile);
    expect(readlinkSync(`/proc/${pid}/fd/2`)).toBe(identity.logFile);
  });

  test('builds images and keeps them', async () => {
    const engine = await start();
    await buildNodeImage(engine);
    expect(await findImage(engine, nodeImage)).toBeDefined();
  });

  test('has networks whose containers find each other, reach the outside and publish ports', async () => {
    const engine = await start();
    const network = await engine.docker.createNetwork({ Name: 'inner' });
    const server = await runNode(engine, "http.createServer((_, r) => r.end('served')).listen(80)", {
      name: 'server',
      ExposedPorts: { '80/tcp': {} },
      HostConfig: { NetworkMode: 'inner', PortBindings: { '80/tcp': [{ HostPort: '0' }] } },
    });
    const tryFetch = (url: string) => `
      const end = Date.now() + ${limitMs};
      const go = () => fetch('${url}').then((r) => r.text()).then(console.log)
        .catch((error) => Date.now() < end ? setTimeout(go, 100) : console.log(error.cause ?? error));
      go();`;
    expect(await output(engine, tryFetch('http://server/'), { NetworkMode: 'inner' })).toBe('served');
    expect(await output(engine, tryFetch(outside.url), { NetworkMode: 'inner' })).toBe(
      outside.addressOfMachine,
    );
    expect(await output(engine, tryFetch(outside.url))).toBe(outside.addressOfMachine);

    const port = (await server.inspect()).NetworkSettings.Ports['80/tcp']?.[0]?.HostPort;
    const response = await fetch(`http://127.0.0.1:${port}/`);
    expect(await response.text()).toBe('served');

    await server.remove({ force: true });
    await network.remove();
  });

  test('starts anew where its containerd died alone', async () => {
    await start();
    const [containerd] = (await listProcesses()).filter(({ argv }) =>
      argv.includes(identity.containerdConfigFile),
    );
    process.kill(containerd?.pid ?? 0, 'SIGKILL');
    await until(async () => (await privateEngineStatus({ workspace })).state === 'silent', limitMs);
    const engine = await start();
    expect(await output(engine, 'console.log("works")')).toBe('works');
  });

  test('starts again after kill -9 of its dockerd while a container ran', async () => {
    const before = await start();
    const container = await runNode(before, forever);
    const { pid = 0 } = await privateEngineStatus({ workspace });
    process.kill(pid, 'SIGKILL');
    await until(async () => (await privateEngineStatus({ workspace })).state === 'stopped', limitMs);

    const engine = await start();
    const found = engine.docker.getContainer(container.id);
    expect((await found.inspect()).State.Running).toBe(false);
    await found.start();
    expect((await found.inspect()).State.Running).toBe(true);
    await found.remove({ force: true });
  });

  test('starts again after kill -9 of all its processes, whose pids others have by now', async () => {
    const before = await start();
    const container = await runNode(before, forever);
    for (const pid of await processesLeft()) process.kill(pid, 'SIGKILL');
    await until(async () => (await processesLeft()).length === 0, limitMs);
    writeFileSync(identity.pidFile, String(process.pid));

    const engine = await start();
    const found = engine.docker.getContainer(container.id);
    expect((await found.inspect()).State.Running).toBe(false);
    await found.start();
    await found.remove({ force: true });
  });

  test('lives beside another, and neither is disturbed when the other stops', async () => {
    const engine = await start();
    const other = await start(neighbour);
    expect(other.host).not.toBe(engine.host);
    await buildNodeImage(other);
    const container = await runNode(other, forever);
    await removePrivateEngine({ workspace });
    expect((await container.inspect()).State.Running).toBe(true);
    expect(await output(other, `fetch('${outside.url}').then((r) => r.text()).then(console.log)`)).toBe(
      outside.addressOfMachine,
    );
    await removePrivateEngine({ workspace: neighbour });
  });

  test('leaves only its data when it stops, and has it again when it starts', async () => {
    const engine = await start();
    await buildNodeImage(engine);
    await engine.docker.createNetwork({ Name: 'kept' });
    await runNode(engine, forever, {
      name: 'kept',
      HostConfig: { NetworkMode: 'kept' },
    });
    await stopPrivateEngine({ workspace });
    expect(await leftOnMachine()).toEqual(nothing);
    expect(await privateEngineStatus({ workspace })).toMatchObject({ state: 'stopped' });

    const again = await start();
    const container = again.docker.getContainer('kept');
    await container.start();
    expect((await container.inspect()).State.Running).toBe(true);
  });

  test("leaves another engine's docker0 alone, however often it starts", () => {
    expect(docker0.index()).toBe(docker0.indexAtFirst);
  });

  test('leaves nothing at all when it is removed, dead or alive', async () => {
    const { pid = 0 } = await privateEngineStatus({ workspace });
    process.kill(pid, 'SIGKILL');
    await removePrivateEngine({ workspace });
    expect(await leftOnMachine()).toEqual(nothing);
    expect(existsSync(identity.directory)).toBe(false);
    expect(await privateEngineStatus({ workspace })).toMatchObject({ state: 'absent' });
    // Nothing to remove is no failure.
    await removePrivateEngine({ workspace });
  });

  test('says why its dockerd does not start', async () => {
    await start();
    await stopPrivateEngine({ workspace });
    rmSync(identity.dataRoot, { recursive: true });
    writeFileSync(identity.dataRoot, 'not a folder');
    await expect(start()).rejects.toMatchObject({
      code: 'START_FAILED',
      message: expect.stringContaining(identity.logFile),
    });
    expect(await leftOnMachine()).toEqual(nothing);
  });
});
