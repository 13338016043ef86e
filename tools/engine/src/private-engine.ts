import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, open, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { choosePool, defaultInterface, parseNameServers, parseRoutes } from './addresses.ts';
import { containerdConfig, daemonConfig } from './daemon-config.ts';
import { dockerAt, ping } from './docker.ts';
import { EngineError } from './errors.ts';
import { type Identity, identityOf } from './identity.ts';
import { anotherEngine, installMissing } from './install.ts';
import { cleanLeftovers } from './leftovers.ts';
import { exclusively } from './lock.ts';
import { installNetwork, mtuOf } from './network.ts';
import { until } from './poll.ts';
import { isContainerd, isDockerd, listProcesses, signalIfThere } from './processes.ts';
import { commandEnvironment } from './run.ts';

export interface PrivateEngineStatus {
  /** `absent`: it has no data. `stopped`: no dockerd. `silent`: it starts up, hangs, or is dead in part. */
  state: 'absent' | 'stopped' | 'silent' | 'running';
  /** As a value for `DOCKER_HOST`, when it runs. */
  host: string;
  /** Where its images, containers and log are. */
  directory: string;
  /** Of its dockerd. */
  pid?: number;
}

const pingLimitMs = 5_000;
/** A dockerd with many containers on a busy machine. */
const startLimitMs = 120_000;
/** As long as `docker stop` gives a container. */
const containerStopSeconds = 10;
const stopLimitMs = 60_000;
const lastLogLines = 15;

export async function privateEngineStatus({
  workspace,
}: {
  workspace: string;
}): Promise<PrivateEngineStatus> {
  return await statusOf(identityOf(workspace));
}

async function statusOf(identity: Identity): Promise<PrivateEngineStatus> {
  const { directory, socket, dataRoot } = identity;
  const { dockerd, containerd } = await daemonsOf(identity);
  const common = { host: `unix://${socket}`, directory };
  if (dockerd === undefined) return { ...common, state: existsSync(dataRoot) ? 'stopped' : 'absent' };
  const running = containerd !== undefined && (await answers(identity));
  return { ...common, pid: dockerd, state: running ? 'running' : 'silent' };
}

/**
 * Starts this workspace's private engine unless it runs; its dockerd outlives this process. Whatever a killed one left
 * behind is cleaned up first.
 * @throws EngineError UNSUPPORTED_MACHINE, INSTALL_FAILED, BUSY, NO_ADDRESSES, NETWORK_FAILED, REMOVE_FAILED, START_FAILED
 */
export async function startPrivateEngine(options: {
  workspace: string;
  progress: (line: string) => void;
}): Promise<void> {
  const identity = identityOf(options.workspace);
  await exclusively(async () => {
    const pool = await rememberedPool(identity);
    if (pool !== undefined && (await statusOf(identity)).state === 'running') {
      // A firewall that was loaded anew since has dropped the rules.
      await installNetwork(identity, pool);
      return;
    }
    await installEngine(options.progress);
    options.progress(`Starting a private Docker engine in ${identity.directory}`);
    await cleanLeftovers(identity, pool);
    await start(identity);
  });
}

/** Stops dockerd and its containers, and gives bridges and rules back; images and containers stay for the next start. */
export async function stopPrivateEngine({ workspace }: { workspace: string }): Promise<void> {
  const identity = identityOf(workspace);
  await exclusively(async () => await stop(identity));
}

/** Stops the private engine and deletes all it has. */
export async function removePrivateEngine({ workspace }: { workspace: string }): Promise<void> {
  const identity = identityOf(workspace);
  await exclusively(async () => {
    await stop(identity);
    await rm(identity.directory, { recursive: true, force: true });
  });
}

async function stop(identity: Identity): Promise<void> {
  if ((await statusOf(identity)).state === 'running') await stopContainers(identity);
  for (const daemon of ['dockerd', 'containerd'] as const) {
    const pid = (await daemonsOf(identity))[daemon];
    if (pid === undefined) continue;
    signalIfThere(pid, 'SIGTERM');
    await until(async () => (await daemonsOf(identity))[daemon] === undefined, stopLimitMs);
  }
  await cleanLeftovers(identity, await rememberedPool(identity));
}

/** With `live-restore`, dockerd itself would leave them running. What does not stop is killed with the rest. */
async function stopContainers({ socket }: Identity): Promise<void> {
  const docker = dockerAt(socket);
  const abortSignal = AbortSignal.timeout(stopLimitMs);
  const running = await docker.listContainers({ abortSignal }).catch(() => []);
  const stopping = running.map(({ Id }) =>
    docker.getContainer(Id).stop({ t: containerStopSeconds, abortSignal }),
  );
  await Promise.allSettled(stopping);
}

async function start(identity: Identity): Promise<void> {
  const routes = await readFile('/proc/net/route', 'utf8');
  const pool = await claimPool(identity, routes);
  await installNetwork(identity, pool);
  await mkdir(identity.runDirectory, { recursive: true, mode: 0o711 });
  const config = daemonConfig(identity, pool, await mtuOf(defaultInterface(routes)));
  await writeFile(identity.configFile, `${JSON.stringify(config, undefined, 2)}\n`);
  await writeFile(identity.containerdConfigFile, containerdConfig(identity));
  const reason = await launch(identity);
  if (reason === undefined) return await writeFile(identity.hostFile, `unix://${identity.socket}\n`);
  const lines = (await readFile(identity.logFile, 'utf8')).trim().split('\n').slice(-lastLogLines);
  await cleanLeftovers(identity, pool);
  throw new EngineError(
    'START_FAILED',
    `The private engine did not start: ${reason}. The end of ${identity.logFile}:\n` +
      `${lines.map((line) => `  ${line}`).join('\n')}\n` +
      'Put right what it says, or start an engine yourself and set DOCKER_HOST.',
  );
}

/** Starts both daemons, detached; says why they do not answer, or nothing once they do. */
async function launch(identity: Identity): Promise<string | undefined> {
  const log = await open(identity.logFile, 'w');
  const containerd = spawnDetached('containerd', ['--config', identity.containerdConfigFile], log.fd);
  const dockerd = spawnDetached('dockerd', ['--config-file', identity.configFile], log.fd);
  await log.close();
  const ended = () => containerd.ended() ?? dockerd.ended();
  const up = await until(async () => ended() !== undefined || (await answers(identity)), startLimitMs);
  return ended() ?? (up ? undefined : `it does not answer within ${startLimitMs / 1000} s`);
}

function spawnDetached(command: string, args: string[], log: number): { ended(): string | undefined } {
  const daemon = spawn(command, args, {
    cwd: '/',
    env: daemonEnvironment(commandEnvironment()),
    detached: true,
    stdio: ['ignore', log, log],
  });
  let ended: string | undefined;
  daemon.once('error', (error) => {
    ended = error.message;
  });
  daemon.once('exit', (code, signal) => {
    ended = `${command} ended with ${signal ?? `code ${code}`}`;
  });
  daemon.unref();
  return { ended: () => ended };
}

/** What dockerd needs for its work; nothing of the npm script or shell that happened to start it. */
function daemonEnvironment(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const kept = /^(PATH|HOME|LC_ALL|TMPDIR|SSL_CERT_(FILE|DIR)|DOCKER_RAMDISK|(https?|all|no)_proxy)$/i;
  return Object.fromEntries(Object.entries(environment).filter(([name]) => kept.test(name)));
}

async function installEngine(progress: (line: string) => void): Promise<void> {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) {
    throw new EngineError(
      'UNSUPPORTED_MACHINE',
      'A private Docker engine can be started only on Linux as root. ' +
        'Run this as root, or start Docker or Podman yourself, or set DOCKER_HOST.',
    );
  }
  // A kernel with AppArmor on refuses containers whose profile cannot be loaded.
  const appArmor = (
    await readFile('/sys/module/apparmor/parameters/enabled', 'utf8').catch(() => '')
  ).startsWith('Y');
  const commands = {
    dockerd: 'docker.io',
    containerd: 'containerd',
    iptables: 'iptables',
    ip: 'iproute2',
    umount: 'mount',
    ...(appArmor ? { apparmor_parser: 'apparmor' } : {}),
  };
  const need = { what: 'a private Docker engine', otherwise: anotherEngine };
  await installMissing(need, commands, ['ca-certificates'], progress);
}

async function claimPool(identity: Identity, routes: string): Promise<string> {
  const nameServers = parseNameServers(await readFile('/etc/resolv.conf', 'utf8').catch(() => ''));
  const remembered = await rememberedPool(identity);
  const pool = choosePool(identity.id, [...parseRoutes(routes), ...nameServers], remembered);
  // Networks made with the addresses of before would collide with whatever took them.
  if (remembered !== undefined && pool !== remembered) {
    await rm(join(identity.dataRoot, 'network'), { recursive: true, force: true });
  }
  await mkdir(identity.directory, { recursive: true });
  await writeFile(identity.addressesFile, `${JSON.stringify({ pool })}\n`);
  return pool;
}

async function rememberedPool({ addressesFile }: Identity): Promise<string | undefined> {
  try {
    const { pool } = JSON.parse(await readFile(addressesFile, 'utf8')) as { pool?: unknown };
    return typeof pool === 'string' && /^10\.\d{1,3}\.0\.0\/16$/.test(pool) ? pool : undefined;
  } catch {
    // Absent before the first start, cut short by a crash: a new choice does no harm.
    return undefined;
  }
}

async function daemonsOf(
  identity: Identity,
): Promise<{ dockerd: number | undefined; containerd: number | undefined }> {
  const processes = await listProcesses();
  return {
    dockerd: processes.find((process) => isDockerd(process, identity))?.pid,
    containerd: processes.find((process) => isContainerd(process, identity))?.pid,
  };
}

async function answers({ socket }: Identity): Promise<boolean> {
  return await ping(dockerAt(socket), AbortSignal.timeout(pingLimitMs)).then(
    () => true,
    () => false,
  );
}
