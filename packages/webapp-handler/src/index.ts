import { defineHandler } from '@rollcall/handler';
import { announcement, Backend } from './backend.ts';
import { services } from './services.ts';
import { variables } from './variables.ts';

export type { BackendStatus } from './status.ts';

export default defineHandler({
  name: 'backend',
  variables,
  services,
  tags: (config) => announcement(config, 'starting'),
  start: (context) => new Backend(context),
});
