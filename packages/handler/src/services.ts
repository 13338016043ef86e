import { defineService, type Service } from '@rollcall/supervision';
import { AGENT_FILE } from './paths.ts';
import { settings } from './settings.ts';

const NODE = '/usr/bin/node';
const HANDLER_MAIN = '/opt/rollcall/node_modules/@rollcall/handler/dist/main.js';

/**
 * The services of every node. A node that stops first drains (the handler), then leaves (Serf) while the
 * role's own services end.
 */
export const nodeServices: readonly Service[] = [
  defineService({
    name: 'handler',
    command: [NODE, HANDLER_MAIN],
    readiness: { by: 'notification', fd: 3 },
    stop: {
      signal: 'SIGTERM',
      order: 1,
      limitMs: {
        secondsVariable: settings.drainSeconds.name,
        defaultSeconds: settings.drainSeconds.fallback,
        // What the handler needs around a drain that takes all of its budget.
        extraMs: 400,
      },
    },
    log: 'json',
  }),
  defineService({
    name: 'serf',
    command: ['/usr/bin/serf', 'agent', '-config-file', AGENT_FILE],
    // SIGINT makes the agent leave; it gives that 3 s at most, then ends. SIGTERM would only end it.
    stop: { signal: 'SIGINT', order: 2, limitMs: 4000 },
    log: 'prefixed',
  }),
];
