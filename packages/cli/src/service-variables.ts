import { backendVariables } from '@rollcall/backend';

/** What a node is told of its service. All types of backends read these alike; port and check are not looked at. */
export const { service: serviceVariable, routes: routesVariable } = backendVariables({
  port: 1,
  check: 'tcp',
});

export const DEFAULT_SERVICE = serviceVariable.fallback;
