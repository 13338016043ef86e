import type { BackendTags, Change, View } from '@rollcall/membership';
import type { Service } from '@rollcall/supervision';
import type { Context } from './context.ts';
import { HandlerError } from './errors.ts';
import type { ConfigOf, Variables } from './variable.ts';

/** What a node tells of itself beyond its role and boot, which the host adds. */
export type Announcement = Omit<BackendTags, 'role' | 'boot'>;

/** How long a drain may take. */
export interface DrainBudget {
  /** Aborted when the budget is over. */
  readonly signal: AbortSignal;
  /** When it is over, in ms since the epoch. */
  readonly deadline: number;
}

/**
 * A role at work on a node. Hooks are called one at a time per kind; one that throws is logged and the node
 * goes on.
 */
export interface RunningRole {
  /** Who is in the room has changed. Level-triggered: `changes` is for logs, `view` is the truth. */
  viewChanged?(view: View, changes: readonly Change[]): void;
  /** Goes out of service, losing nothing; resolves when nothing more is in flight or the budget is over. */
  drain?(budget: DrainBudget): Promise<void>;
  /** Takes a drain back. */
  undrain?(): Promise<void>;
  /** Someone asks to look at everything again (SIGHUP). */
  lookAgain?(): void;
  /** What `rollcall ps` and `rollcall why` show of this role; JSON. Told by `context.statusChanged()`. */
  status?(): unknown;
  /** The handler ends; the services go on. */
  close?(): Promise<void>;
}

/** What a role's package adds to an image. */
export interface Role<V extends Variables = Variables> {
  /** The role's name: goes into the node's tags. */
  readonly name: string;
  readonly variables: V;
  /** The services beside Serf and the handler; compiled into the image. */
  readonly services: readonly Service[];
  /** What the node tells of itself at its start; nothing but its role when undefined. */
  tags?(config: ConfigOf<V>): Announcement | undefined;
  start(context: Context<ConfigOf<V>>): RunningRole | Promise<RunningRole>;
}

const ROLE_NAME = /^[a-z][a-z0-9-]{0,15}$/;

/**
 * The default export of a role's package.
 *
 * @throws HandlerError `BAD_ROLE` when the description cannot work.
 */
export function defineHandler<const V extends Variables>(role: Role<V>): Role<V> {
  if (!ROLE_NAME.test(role.name)) {
    throw new HandlerError(
      'BAD_ROLE',
      `the role's name ${JSON.stringify(role.name)} is not allowed: lower-case letters, digits and "-", at most 16, a letter first`,
    );
  }
  return role;
}
