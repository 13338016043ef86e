export type { FileInContainer, Files } from './archive.ts';
export type { ExecResult, Health, TestContainer } from './container.ts';
export { TestkitError, type TestkitErrorCode } from './errors.ts';
export type { ContainerOptions } from './options.ts';
export { type Answer, type RequestOptions, request } from './request.ts';
export { Stage } from './stage.ts';
export { type UntilOptions, until } from './until.ts';
