export { readConfig } from './config.ts';
export type { Before, Context, NodeIdentity } from './context.ts';
export { EXIT_BAD_CONFIGURATION, HandlerError, type HandlerErrorCode } from './errors.ts';
export { joinVariables } from './join-variables.ts';
export { LIVE_SCANDIR, RUN, STATUS_FILE } from './paths.ts';
export {
  type BackendAnnouncement,
  type DrainBudget,
  defineHandler,
  type Role,
  type RunningRole,
} from './role.ts';
export { nodeServices } from './services.ts';
export { settings } from './settings.ts';
export type { MemberStatusLine, NodeStatus, Phase } from './status.ts';
export { steadyNow } from './steady-now.ts';
export { type ConfigOf, integer, oneOf, parsed, type Variable, type Variables } from './variable.ts';
