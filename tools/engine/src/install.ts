import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { isAbsolute } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { EngineError } from './errors.ts';
import { hasCommand, type Outcome, run } from './run.ts';

/** Commands, or absolute paths of other files, that may be missing -> the package of Debian and Ubuntu that has them. */
type PackageOf = Readonly<Record<string, string>>;

/** apt's lists have a lock of their own, for which `DPkg::Lock::Timeout` does not wait. */
const lockLimitMs = 10 * 60_000;
const lockPauseMs = 3_000;
const lastLines = 15;

/** For people: what packages are needed for, and what else would do where they cannot be installed. */
export interface Need {
  what: string;
  otherwise: string;
}

export const anotherEngine = 'start Docker or Podman yourself, or set DOCKER_HOST';

/**
 * Installs the packages of what is missing (and `extra` packages along with them).
 * @throws EngineError UNSUPPORTED_MACHINE where this machine has no apt or this user may not use it, INSTALL_FAILED.
 */
export async function installMissing(
  need: Need,
  needs: PackageOf,
  extra: readonly string[],
  progress: (line: string) => void,
): Promise<void> {
  const missing: string[] = [];
  for (const [wanted, name] of Object.entries(needs)) {
    if (!(isAbsolute(wanted) ? existsSync(wanted) : await hasCommand(wanted))) missing.push(name);
  }
  if (missing.length === 0) return;
  const packages = [...new Set([...missing, ...extra])];
  await refuseWhereImpossible(need, packages);
  progress(`Installing ${packages.join(', ')} with apt`);
  const install = ['install', '--yes', '--no-install-recommends', ...packages];
  let outcome = await apt(install, progress);
  if (outcome.code !== 0) {
    // The lists are absent or out of date. Some source that fails here may have nothing to do with these packages.
    await apt(['update'], progress);
    outcome = await apt(install, progress);
  }
  if (outcome.code === 0) return;
  throw new EngineError(
    'INSTALL_FAILED',
    [
      `\`apt-get ${install.join(' ')}\` failed with code ${outcome.code}:`,
      ...outcome.lines.slice(-lastLines).map((line) => `  ${line}`),
      `Run it by hand, put right what it says, and try again: the packages are needed for ${need.what}.`,
    ].join('\n'),
  );
}

async function refuseWhereImpossible({ what, otherwise }: Need, packages: readonly string[]): Promise<void> {
  const release = await readFile('/etc/os-release', 'utf8').catch(() => '');
  if (canInstall({ release, hasApt: await hasCommand('apt-get'), uid: process.getuid?.() })) return;
  throw new EngineError(
    'UNSUPPORTED_MACHINE',
    `${what} needs ${packages.join(', ')}, which can be installed only on Debian or Ubuntu as root. ` +
      `Run this as root there; elsewhere ${otherwise}.`,
  );
}

/** Whether packages can be installed here; `release` is the text of /etc/os-release. */
export function canInstall(machine: { release: string; hasApt: boolean; uid: number | undefined }): boolean {
  return machine.uid === 0 && machine.hasApt && /^ID(_LIKE)?=.*\b(debian|ubuntu)\b/m.test(machine.release);
}

async function apt(args: readonly string[], progress: (line: string) => void): Promise<Outcome> {
  const end = performance.now() + lockLimitMs;
  const options = ['-q', '-o', `DPkg::Lock::Timeout=${lockLimitMs / 1000}`, '-o', 'Dpkg::Use-Pty=0'];
  for (;;) {
    const outcome = await run('apt-get', [...options, ...args], {
      env: { DEBIAN_FRONTEND: 'noninteractive', NEEDRESTART_MODE: 'a' },
    });
    const locked =
      outcome.code !== 0 && outcome.lines.some((line) => /Could not get lock|Unable to lock/.test(line));
    if (!locked || performance.now() >= end) return outcome;
    progress('Waiting for another apt to end');
    await delay(lockPauseMs);
  }
}
