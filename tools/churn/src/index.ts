export type { Kind, Lag, LoadOptions, RequestRecord } from './load/record.ts';
export { Load, type LoadResult } from './load.ts';
