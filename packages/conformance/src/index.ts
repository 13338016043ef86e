export { type Case, conformance } from './conformance.ts';
