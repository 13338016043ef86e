/** A process in a container. */
export interface Process {
  readonly pid: number;
  readonly parent: number;
  readonly command: string;
}

/** Prints every process of a container but itself: `pid`, tab, its parent's, tab, its words. */
export const LIST_PROCESSES = `
  const { readdirSync, readFileSync } = require('node:fs');
  for (const pid of readdirSync('/proc').filter((name) => /^\\d+$/.test(name) && name !== String(process.pid))) {
    try {
      const stat = readFileSync('/proc/' + pid + '/stat', 'utf8');
      const words = readFileSync('/proc/' + pid + '/cmdline', 'utf8').split('\\0').join(' ').trim();
      console.log(pid + '\\t' + stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1] + '\\t' + words);
    } catch {}
  }`;

export function parseProcesses(listed: string): Process[] {
  return listed
    .split('\n')
    .filter(Boolean)
    .map((line) => {
      const [pid, parent, command = ''] = line.split('\t');
      return { pid: Number(pid), parent: Number(parent), command };
    });
}

/** The tree below process 1, a line each, as `ps --forest` draws it. */
export function processTree(processes: readonly Process[]): string {
  const lines = ['  PID COMMAND'];
  const add = ({ pid, command }: Process, indent: string, branch: string) => {
    lines.push(`${String(pid).padStart(5)} ${branch}${command}`);
    const children = processes.filter(({ parent }) => parent === pid);
    for (const child of children) add(child, `${indent}  `, `${indent}\\_ `);
  };
  for (const root of processes.filter(({ parent }) => parent === 0)) add(root, '', '');
  return `${lines.join('\n')}\n`;
}
