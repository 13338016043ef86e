/** Where a balancer listens. The configuration and the roster go by the same numbers. */
export const WEB_PORT = 80;
export const STATS_PORT = 1936;
