import { SHIPPER, WRITER } from '@rollcall/log-shipping';
import { defineService, type Service } from '@rollcall/supervision';
import { AGENT_FILE, LOG_SHIPPING_FILE } from './paths.ts';
import { settings } from './settings.ts';

const NODE = '/usr/bin/node';
const HANDLER_MAIN = '/opt/rollcall/node_modules/@rollcall/handler/dist/main.js';

const LOG_SHIPPING_MAIN = '/opt/rollcall/node_modules/@rollcall/log-shipping/dist/main.js';
const SMALL_HEAP = '--max-semi-space-size=1';

/** They end by themselves, in the time that the container has: this is for one that hangs. */
const LOGS_STOP_MS = 60_000;

/**
 * The services of every node. All but the handler, and the two that lines go through, wait until it has prepared the node,
 * those of the role too: a node with a bad configuration runs nothing. A node that stops first drains (the handler), then leaves (Serf) while the
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
    waits: true,
  }),
  // Two processes, so that no service ever waits for the collector: the first one only writes to a file.
  defineService({
    name: WRITER,
    command: [NODE, SMALL_HEAP, LOG_SHIPPING_MAIN, 'write', LOG_SHIPPING_FILE],
    stop: { order: 'last', limitMs: LOGS_STOP_MS },
    log: 'collector',
    optional: true,
  }),
  defineService({
    name: SHIPPER,
    command: [NODE, SMALL_HEAP, LOG_SHIPPING_MAIN, 'ship', LOG_SHIPPING_FILE],
    stop: { order: 'last', limitMs: LOGS_STOP_MS },
    log: 'prefixed',
    optional: true,
  }),
];
