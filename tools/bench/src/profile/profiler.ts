import type { TestContainer } from '@rollcall/testkit';
import type { CpuProfile } from './cpu-profile.ts';

// Any user may write there, and the engine can copy from it.
const [FOLDER, FILE] = ['/tmp', 'bench.cpuprofile'];

/** Makes V8 write a profile when the process exits. Node 20 does not take these from `NODE_OPTIONS`. */
export const PROFILER_FLAGS = [
  '--cpu-prof',
  `--cpu-prof-dir=${FOLDER}`,
  `--cpu-prof-name=${FILE}`,
  // Half of the default, in µs: a start is short.
  '--cpu-prof-interval=500',
];

/** The profile of a process that has exited. */
export async function readProfile(container: TestContainer): Promise<CpuProfile> {
  const text = await container.readFile(`${FOLDER}/${FILE}`);
  if (text === undefined) throw new Error('The process has written no profile: was it killed?');
  return JSON.parse(text);
}
