export { type BackendType, backendRole } from './backend-role.ts';
export type { BackendStatus } from './status.ts';
export { backendVariables } from './variables.ts';
