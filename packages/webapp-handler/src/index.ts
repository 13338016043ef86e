import { defineHandler } from '@rollcall/handler';
import { announcement, Backend } from './backend.ts';
import { services } from './services.ts';
import { stateBefore } from './state-before.ts';
import { variables } from './variables.ts';

export type { BackendStatus } from './status.ts';

export default defineHandler({
  name: 'backend',
  variables,
  services,
  tags: (config) => announcement(config, stateBefore()),
  start: (context) => new Backend(context, stateBefore()),
});
