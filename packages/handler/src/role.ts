import { BACKEND, type BackendTags, type Change, isRole, type View } from '@rollcall/membership';
import type { Service } from '@rollcall/supervision';
import type { Before, Context } from './context.ts';
import { HandlerError } from './errors.ts';
import { joinVariables } from './join-variables.ts';
import { settings } from './settings.ts';
import type { ConfigOf, Variables } from './variable.ts';

/** What a backend tells of itself beyond its role and boot, which the host adds. */
export type BackendAnnouncement = Omit<BackendTags, 'role' | 'boot'>;

/** How long a drain may take. */
export interface DrainBudget {
  /** Aborted when the budget is over. */
  readonly signal: AbortSignal;
  /** When it is over, by `steadyNow`. */
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
  /**
   * The name of the node's type, shown to people. It is also the role that the room is told, unless the node is a
   * backend: those are `backend` there, whatever their type.
   */
  readonly name: string;
  readonly variables: V;
  /** The services beside Serf and the handler; compiled into the image. */
  readonly services: readonly Service[];
  /**
   * Makes the node a backend: what it tells of itself at its start, before anybody knows it. Its view follows others loosely
   * (`RoomOptions.attention`): within 250 ms, up to 5 s on a busy machine.
   */
  backendTags?(config: ConfigOf<V>, before?: Before): BackendAnnouncement;
  start(context: Context<ConfigOf<V>>): RunningRole | Promise<RunningRole>;
}

/**
 * The default export of a role's package.
 *
 * @throws HandlerError `BAD_ROLE` when the description cannot work.
 */
export function defineHandler<const V extends Variables>(role: Role<V>): Role<V> {
  const name = JSON.stringify(role.name);
  if (!isRole(role.name)) {
    throw new HandlerError(
      'BAD_ROLE',
      `the role's name ${name} is not allowed: lower-case letters, digits and "-", at most 32, a letter first`,
    );
  }
  if (role.name === BACKEND && !role.backendTags) {
    throw new HandlerError('BAD_ROLE', `a role with the name ${name} must have backendTags`);
  }
  joinVariables(settings, role.variables);
  return role;
}
