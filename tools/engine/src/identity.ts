import { createHash } from 'node:crypto';
import { realpathSync } from 'node:fs';
import { join } from 'node:path';

/** The names and places of a workspace's private engine, all derived from the workspace's real path. */
export interface Identity {
  /** 8 hex digits. */
  id: string;
  /** What is kept: `data/`, `dockerd.log`, `addresses.json`, `host`. */
  directory: string;
  dataRoot: string;
  logFile: string;
  addressesFile: string;
  /** Holds a value for `DOCKER_HOST`: where the command `rollcall` finds the engine of the workspace that it is called in. */
  hostFile: string;
  /**
   * What lives as long as the engine: socket, pid file, daemon.json, exec root. In /run, because the path of a unix
   * socket has at most 107 bytes and a workspace's own path may be longer.
   */
  runDirectory: string;
  execRoot: string;
  configFile: string;
  containerdConfigFile: string;
  containerdSocket: string;
  pidFile: string;
  socket: string;
  /** The name of the default bridge; interface names have at most 15 bytes. */
  bridge: string;
  /** The iptables chains' name. */
  chain: string;
}

export function identityOf(workspace: string): Identity {
  const root = realpathSync(workspace);
  const id = createHash('sha256').update(root).digest('hex').slice(0, 8);
  const directory = join(root, '.rollcall', 'engine');
  const runDirectory = `/run/rollcall-engine-${id}`;
  return {
    id,
    directory,
    dataRoot: join(directory, 'data'),
    logFile: join(directory, 'dockerd.log'),
    addressesFile: join(directory, 'addresses.json'),
    hostFile: join(directory, 'host'),
    runDirectory,
    execRoot: join(runDirectory, 'exec'),
    configFile: join(runDirectory, 'daemon.json'),
    containerdConfigFile: join(runDirectory, 'containerd.toml'),
    containerdSocket: join(runDirectory, 'containerd.sock'),
    pidFile: join(runDirectory, 'dockerd.pid'),
    socket: join(runDirectory, 'docker.sock'),
    bridge: `rc-${id}`,
    chain: `ROLLCALL-${id}`,
  };
}
