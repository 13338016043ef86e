import type { Promises } from '../../base/tests/promised.ts';

export default {
  atMostMb: 220,
  services: ['haproxy'],
  // How HAProxy's master says that it ends.
  expectedWarnings:
    /^haproxy: \[WARNING\] +\(\d+\) : (Exiting Master process|Proxy \w+ stopped|Current worker|All workers exited)/,
} satisfies Promises;
