import { cpus, freemem, totalmem } from 'node:os';

/** Shares of the whole machine, 0 to 1. */
export interface MachineLoad {
  readonly cpu: number;
  readonly memory: number;
}

/** What is left to the changes, and to whatever else the machine does. */
const SHARE_MAX = 0.7;

/** Starts to look at the machine. @returns tells how busy it has been since */
export function watchMachine(): () => MachineLoad {
  const before = processorMs();
  return () => {
    const now = processorMs();
    return { cpu: (now.busy - before.busy) / (now.all - before.all), memory: 1 - freemem() / totalmem() };
  };
}

/** Whether a machine that is so busy at rest carries `factor` times as much. Pure. */
export function mayGrow({ cpu, memory }: MachineLoad, factor: number): boolean {
  return cpu * factor <= SHARE_MAX && memory * factor <= SHARE_MAX;
}

function processorMs(): { busy: number; all: number } {
  const sum = { busy: 0, all: 0 };
  for (const { times } of cpus()) {
    const all = Object.values(times).reduce((total, ms) => total + ms, 0);
    sum.all += all;
    sum.busy += all - times.idle;
  }
  return sum;
}
