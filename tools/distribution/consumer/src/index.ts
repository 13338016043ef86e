import { backendRole } from '@rollcall/backend';
import { parsed } from '@rollcall/handler';
import { defineService } from '@rollcall/supervision';

const greeting = parsed({
  name: 'ROLLCALL_GREETING',
  about: 'What visitors are told',
  fallback: 'hello',
  allowed: 'one line',
  parse: (text) => (text.includes('\n') ? undefined : text),
});

const app = defineService({ name: 'app', command: ['/usr/bin/node', '/opt/greeter/server.mjs'] });

export default backendRole({
  name: 'greeter',
  port: 8000,
  check: '/',
  services: [app],
  variables: { greeting },
});
