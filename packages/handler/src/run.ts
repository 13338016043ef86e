import { closeSync, writeSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { Room } from '@rollcall/membership';
import { RestartKeeper, Supervisor } from '@rollcall/supervision';
import { pino } from 'pino';
import { attentionOf } from './attention.ts';
import { readConfig } from './config.ts';
import { EXIT_BAD_CONFIGURATION } from './errors.ts';
import { EventLog } from './event-log.ts';
import { tellFatal } from './fatal.ts';
import { Host } from './host.ts';
import { joinVariables } from './join-variables.ts';
import { loadRole } from './load-role.ts';
import { type NodeFile, readNodeFile } from './node-file.ts';
import { EVENT_LOG, HEALTHY_FILE, LIVE_SCANDIR, STATUS_FILE } from './paths.ts';
import { prepare } from './prepare.ts';
import type { Role } from './role.ts';
import { type Settings, settings } from './settings.ts';
import type { Signals } from './signals.ts';
import { readBefore } from './status-before.ts';
import { StatusFile } from './status-file.ts';

const S6_READINESS_FD = 3;
/** What `docker stop` gives a container. */
const STOP_LIMIT_MS = 10_000;

/** Prepares the node, if no handler has done so before, and hosts the image's role until the process is asked to stop. */
export async function run(signals: Signals): Promise<void> {
  const services = new Supervisor(LIVE_SCANDIR);
  const ready = await makeReady(signals).catch((error) => giveUp(error, services, signals));
  if (!ready) return;
  await services.begin();
  await hostRole(ready, services, signals);
}

/** What the node is to be, as its image and its environment say. */
interface Ready {
  readonly role: Role;
  readonly config: Settings;
  readonly node: NodeFile;
}

async function makeReady(signals: Signals): Promise<Ready> {
  const role = await loadRole();
  const config = readConfig(process.env, joinVariables(settings, role.variables));
  const known = readNodeFile();
  if (known) return { role, config, node: known };
  // There is nothing to drain yet, and to prepare takes as long as others take to come.
  signals.handle({ SIGTERM: () => process.exit() });
  const node = await prepare(config);
  signals.handle({});
  return { role, config, node };
}

async function giveUp(error: Error, services: Supervisor, signals: Signals): Promise<void> {
  signals.handle({ SIGTERM: () => process.exit() });
  tellFatal('handler', error);
  process.exitCode = EXIT_BAD_CONFIGURATION;
  try {
    await services.fail(EXIT_BAD_CONFIGURATION);
  } catch {
    // There is no s6, so there is no container to end but by this process.
    return;
  }
  // To be stopped with all others: one that ends by itself is started again.
  await pause(STOP_LIMIT_MS);
}

async function hostRole(
  { role, config, node }: Ready,
  services: Supervisor,
  signals: Signals,
): Promise<void> {
  const { name, boot, rpcAuthKey, rpcPort } = node;
  const log = pino({
    level: config.logLevel,
    base: { service: 'handler', node: name },
    formatters: { level: (label) => ({ level: label }) },
    timestamp: pino.stdTimeFunctions.isoTime,
  });
  process.on('uncaughtException', (error) => {
    log.fatal({ err: error }, 'the handler ends on an error that nobody expected; s6 starts it again');
    process.exit(1);
  });

  const before = readBefore(STATUS_FILE, log);
  const room = Room.open({
    node: name,
    rpc: { host: '127.0.0.1', port: rpcPort, authKey: rpcAuthKey },
    seeds: config.join,
    gossipPort: config.gossipPort,
    attention: attentionOf(role),
    log,
  });
  const host = new Host(role, {
    identity: { name, boot },
    agentPorts: [config.gossipPort, rpcPort],
    log,
    room,
    services,
    restartKeeper: new RestartKeeper(services, log),
    eventLog: new EventLog(EVENT_LOG, (err) => log.error({ err }, `${EVENT_LOG} cannot be written`)),
    statusFile: new StatusFile({ status: STATUS_FILE, healthy: HEALTHY_FILE }, (err) =>
      log.error({ err }, `${STATUS_FILE} cannot be written`),
    ),
    drainSeconds: config.drainSeconds,
    config,
    ...(before && { before }),
  });

  await host.start();
  signals.handle({
    SIGTERM: (cameAt) => void end(host, cameAt),
    SIGUSR1: () => void host.drain(),
    SIGUSR2: () => void host.undrain(),
    SIGHUP: () => host.lookAgain(),
  });
  log.info({ role: role.name, boot }, 'started');
  writeSync(S6_READINESS_FD, '\n');
  closeSync(S6_READINESS_FD);
}

async function end(host: Host, askedAt: number): Promise<void> {
  await host.drain(askedAt);
  await host.close(askedAt);
  process.exit(0);
}
