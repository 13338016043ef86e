export { parts } from './parts.ts';
export type { Findings, Part, PartOptions } from './result.ts';
