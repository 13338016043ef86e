import type { Part } from '../result.ts';
import { rounded } from '../statistics.ts';
import { profileChanges } from './changes.ts';
import type { Stack } from './cpu-profile.ts';
import { profileStarts } from './start.ts';
import { type Kind, profileTables } from './tables.ts';
import { isWaiting } from './where.ts';

const FULL = { starts: 10, servers: 10_000, rounds: 20 };
const QUICK = { starts: 1, servers: 10, rounds: 2 };

/** What was done about what the profiles show, a sentence each. */
const DONE_ABOUT_START =
  'One Node process prepares the container and hosts the role; before, one after the other did, and each started Node anew.';
const DONE_ABOUT_CHANGE =
  'The steps of a join or a drain are taken from what HAProxy had last, and the look at all of its servers comes after them; a new server is one exchange with HAProxy instead of three; servers that are as they were are not compared any further. A leave waits for that look, as only HAProxy knows what is in flight.';

/** Where the time goes in the two slowest parts. */
export const profile: Part = {
  name: 'profile',
  about:
    "Where the time goes in what takes longest, by V8's profiler, which looks each half millisecond where the process is. " +
    "What Node does for one of our functions counts as that function's; what a package bundles, as the package's.",
  minutes: 3,
  run: async ({ quick, say }) => {
    const { starts, servers, rounds } = quick ? QUICK : FULL;
    say(`${starts} web nodes start`);
    const start = await profileStarts(starts);
    say(`changes at ${servers} servers, ${rounds} of each kind`);
    const changes = await profileChanges(servers, rounds);
    return {
      tables: [
        ...profileTables({
          title: 'Start of a web node',
          kinds: [start],
          note: `Mean of ${starts} starts, from s6 starting the handler's process until that logs that it has started. ${DONE_ABOUT_START}`,
        }),
        ...profileTables({
          title: `One change at ${servers} servers`,
          kinds: changes.map((kind) => ({ ...kind, stacks: kind.stacks.filter(isWork) })),
          note: `Mean of ${rounds} changes of each kind, from the new view to HAProxy having applied it, without waiting for HAProxy: ${waits(changes)}. ${DONE_ABOUT_CHANGE}`,
        }),
      ],
      plots: [],
      goals: [],
    };
  },
};

const isWork = ({ frames }: Stack) => !isWaiting(frames);

function waits(kinds: readonly Kind[]): string {
  return kinds
    .map(({ name, times, stacks }) => {
      const us = stacks.filter((stack) => !isWork(stack)).reduce((sum, stack) => sum + stack.us, 0);
      return `${rounded(us / 1_000 / times)} ms in a ${name}`;
    })
    .join(', ');
}
