import { backendRole } from '@rollcall/backend';
import type { Role } from '@rollcall/handler';
import { endWithoutNetwork } from './lost-network.ts';

const backend = backendRole({ name: 'sidecar', port: 8080, check: 'tcp', services: [] });

/** The role of a sidecar: a backend whose app runs in the container whose network it shares. */
const role: Role = {
  ...backend,
  start(context) {
    endWithoutNetwork(context.log);
    return backend.start(context);
  },
};

export default role;
