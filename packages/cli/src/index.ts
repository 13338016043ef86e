export { rollcall } from './cli.ts';
export { connect } from './connect.ts';
export type { Engine } from './engine.ts';
export { CliError, type CliErrorCode, EXIT } from './errors.ts';
export type { Host, Output } from './host.ts';
