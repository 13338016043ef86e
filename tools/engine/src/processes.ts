import { readdir, readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { overlap, parseSubnet } from './addresses.ts';
import type { Identity } from './identity.ts';
import { until } from './poll.ts';

export interface Process {
  pid: number;
  argv: readonly string[];
  /** The text of /proc/PID/cgroup. */
  cgroup: string;
}

export async function listProcesses(): Promise<Process[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number);
  const processes = await Promise.all(pids.map(readProcess));
  return processes.filter((process) => process !== undefined);
}

async function readProcess(pid: number): Promise<Process | undefined> {
  try {
    const commandLine = await readFile(`/proc/${pid}/cmdline`, 'utf8');
    // A zombie or a kernel thread.
    if (commandLine === '') return undefined;
    return { pid, argv: commandLine.split('\0'), cgroup: await readFile(`/proc/${pid}/cgroup`, 'utf8') };
  } catch {
    // It ended while it was read.
    return undefined;
  }
}

type Files = Pick<Identity, 'configFile' | 'containerdConfigFile' | 'containerdSocket'>;

export function isDockerd({ argv }: Process, { configFile }: Files): boolean {
  return basename(argv[0] ?? '') === 'dockerd' && argv.includes(configFile);
}

export function isContainerd({ argv }: Process, { containerdConfigFile }: Files): boolean {
  return basename(argv[0] ?? '') === 'containerd' && argv.includes(containerdConfigFile);
}

/**
 * The processes of a private engine: its dockerd, containerd, shims and proxies, and whatever runs in one of its
 * containers. A pid file is not asked: after a crash its number may belong to any process.
 */
export function processesOf(
  files: Files,
  pool: string | undefined,
  containerIds: ReadonlySet<string>,
  processes: readonly Process[],
): number[] {
  const range = pool === undefined ? undefined : parseSubnet(pool);
  const isOurs = (process: Process): boolean => {
    if (isDockerd(process, files) || isContainerd(process, files)) return true;
    const { argv, cgroup } = process;
    const name = basename(argv[0] ?? '');
    if (name.startsWith('containerd-shim')) return argv.includes(files.containerdSocket);
    if (name === 'docker-proxy') {
      const address = parseSubnet(argv[argv.indexOf('-container-ip') + 1] ?? '');
      return range !== undefined && address !== undefined && overlap(range, address);
    }
    return (cgroup.match(/[0-9a-f]{64}/g) ?? []).some((id) => containerIds.has(id));
  };
  return processes.filter(isOurs).map((process) => process.pid);
}

/** Ends processes with SIGKILL, again and again while `find` still finds some. */
export async function killAll(find: () => Promise<number[]>, limitMs: number): Promise<boolean> {
  return await until(async () => {
    const pids = await find();
    for (const pid of pids) signalIfThere(pid, 'SIGKILL');
    return pids.length === 0;
  }, limitMs);
}

export function signalIfThere(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It ended by itself.
  }
}
