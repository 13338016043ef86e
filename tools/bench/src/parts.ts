import { build } from './build/build.ts';
import { change } from './change/change.ts';
import { convergence } from './convergence/convergence.ts';
import { gossip } from './gossip/gossip.ts';
import { overhead } from './overhead/overhead.ts';
import { profile } from './profile/profile.ts';
import type { Part } from './result.ts';

/** All parts, in the order in which the page shows them. */
export const parts: readonly Part[] = [convergence, change, gossip, overhead, build, profile];
