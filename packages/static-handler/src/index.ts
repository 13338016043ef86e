import { backendRole } from '@rollcall/backend';
import type { Role } from '@rollcall/handler';
import { defineService } from '@rollcall/supervision';

const port = 8080;

const service = defineService({
  name: 'static',
  command: ['/usr/sbin/lighttpd', '-D', '-f', '/etc/lighttpd/lighttpd.conf'],
  environment: { DEFAULT_PORT: String(port) },
  restart: { hold: { deaths: 5, withinSeconds: 20, forSeconds: 10 } },
});

/** The role of a static node. */
const role: Role = backendRole({
  name: 'static',
  port,
  check: '/',
  services: [service],
});

export default role;
