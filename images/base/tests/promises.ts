import type { Promises } from './promised.ts';

export default {
  atMostMb: 220,
  services: ['handler', 'serf'],
  // How the agent says that it ends, where it comes to say it.
  expectedWarnings: /^serf: .*\[WARN\] agent: Serf shutdown detected, quitting$/,
} satisfies Promises;
