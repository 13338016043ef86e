import { backendRole } from '@rollcall/backend';
import { parsed } from '@rollcall/handler';
import { defineService } from '@rollcall/supervision';

const command = parsed<string | undefined>({
  name: 'ROLLCALL_COMMAND',
  about: "The app's command line, run in /app without a shell; the demo app when unset",
  fallback: undefined,
  allowed: 'a command line',
  parse: (text) => text,
});

const app = defineService({
  name: 'app',
  command: { variable: command.name, default: ['/usr/bin/node', '/opt/rollcall/demo/server.js'] },
  directory: '/app',
  // By then the node is drained: what the app still does nobody waits for.
  stop: { signal: 'SIGTERM', order: 2, limitMs: 4_000 },
  restart: { hold: { deaths: 5, withinSeconds: 20, forSeconds: 10 } },
});

/** The role of a web node: the user's own app, or the demo. */
export default backendRole({
  name: 'webapp',
  port: 3000,
  check: '/',
  services: [app],
  variables: { command },
});
