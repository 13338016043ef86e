import { defineService, type Service } from '@rollcall/supervision';
import { variables } from './variables.ts';

/** What a backend runs beside Serf and the handler. */
export const services: readonly Service[] = [
  defineService({
    name: 'app',
    command: { variable: variables.command.name, default: ['/usr/bin/node', '/opt/rollcall/demo/server.js'] },
    directory: '/app',
    // By then the node is drained: what the app still does nobody waits for.
    stop: { signal: 'SIGTERM', order: 2, limitMs: 4_000 },
    restart: { hold: { deaths: 5, withinSeconds: 20, forSeconds: 10 } },
    log: 'prefixed',
  }),
];
