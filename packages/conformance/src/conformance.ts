import type { Role } from '@rollcall/handler';
import { descriptionCases } from './description.ts';
import { lifeCases } from './life.ts';

/** One promise: `check` rejects with what is wrong when the role does not keep it. */
export interface Case {
  readonly name: string;
  readonly check: () => Promise<void>;
}

/**
 * What every role keeps to, by its description and by its life on a node in memory: no agent, no s6, no network but
 * loopback. For any test runner:
 *
 * ```ts
 * for (const { name, check } of conformance(role)) test(name, check);
 * ```
 *
 * A check takes a second or two at most, or gives up after 60 s.
 */
export function conformance(role: Role): readonly Case[] {
  return [...descriptionCases(role), ...lifeCases(role)];
}
