import { closeSync, writeSync } from 'node:fs';
import { Room } from '@rollcall/membership';
import { RestartKeeper, type Supervisor } from '@rollcall/supervision';
import { pino } from 'pino';
import { attentionOf } from './attention.ts';
import { EventLog } from './event-log.ts';
import { Host } from './host.ts';
import type { NodeFile } from './node-file.ts';
import { EVENT_LOG, HEALTHY_FILE, STATUS_FILE } from './paths.ts';
import type { Role } from './role.ts';
import type { Settings } from './settings.ts';
import type { Signals } from './signals.ts';
import { readBefore } from './status-before.ts';
import { StatusFile } from './status-file.ts';

const S6_READINESS_FD = 3;

/** A prepared node: what its image and its environment say, and who it is in this start of its container. */
export interface Prepared {
  readonly role: Role;
  readonly config: Settings;
  readonly node: NodeFile;
}

/** Hosts the role until the process is asked to stop. */
export async function hostRole(
  { role, config, node }: Prepared,
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
