export { nodesSeen } from './account/nodes-seen.ts';
export { quantile } from './account/quantile.ts';
export { isHarmed, type Kind, type Lag, type LoadOptions, type RequestRecord } from './load/record.ts';
export { Load, type LoadResult } from './load.ts';
