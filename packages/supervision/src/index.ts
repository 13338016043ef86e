export { collectLines } from './collect-lines.ts';
export { compile, type Scandir, type ScandirFile } from './compile.ts';
export { SUPERVISION_ERRORS, SupervisionError, type SupervisionErrorCode } from './errors.ts';
export { type KeeperLog, RestartKeeper } from './restart-keeper.ts';
export { compileScandir } from './scandir.ts';
export {
  type Command,
  defineService,
  type Hold,
  type Readiness,
  type Service,
  type Stop,
  type StopLimit,
  type StopSignal,
} from './service.ts';
export type { ServiceStatus } from './status.ts';
export { type ServiceSignal, Supervisor, type WaitOptions } from './supervisor.ts';
