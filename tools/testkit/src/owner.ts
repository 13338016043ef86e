import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';

/** A process, told apart from later ones with the same number: `PID.START@HOST`. */
export function ownerOf(pid: number): string {
  return `${pid}.${startOf(pid)}@${hostname()}`;
}

/** Whether the process that an owner label names is certainly gone. Another host's is not ours to judge. */
export function isGone(owner: string): boolean {
  if (!owner.endsWith(`@${hostname()}`)) return false;
  const pid = Number.parseInt(owner, 10);
  return !isRunning(pid) || owner !== ownerOf(pid);
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Clock ticks from boot to the process's start (proc_pid_stat(5), field 22); empty where there is no /proc. */
function startOf(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // Field 2 is the command's name in parentheses and may hold blanks and parentheses itself.
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
  } catch {
    return '';
  }
}
