import { defineHandler, joinVariables, type Role, type Variables } from '@rollcall/handler';
import type { Service } from '@rollcall/supervision';
import { announcement, Backend } from './backend.ts';
import { ownClaims } from './claims.ts';
import { stateBefore } from './state-before.ts';
import { type BackendVariables, backendVariables } from './variables.ts';

/** What tells one type of backend from another. */
export interface BackendType {
  /** The type's name, shown to people: `webapp`, `static`, ... To the room each of them is a `backend`. */
  readonly name: string;
  /** Where the app listens unless ROLLCALL_PORT says otherwise. */
  readonly port: number;
  /** How it is seen that the app is ready, unless ROLLCALL_CHECK says otherwise: a path, or `tcp`. */
  readonly check: string;
  /** What runs beside Serf and the handler; none where the app runs elsewhere. */
  readonly services: readonly Service[];
  /** Beside those of every backend; for what the services read from their environment. */
  readonly variables?: Variables;
}

/**
 * The role of a node whose app takes requests: announced when it is ready, drained before it ends. The default export
 * of the type's package.
 *
 * @throws HandlerError `BAD_ROLE` when the description cannot work
 */
export function backendRole({ name, services, variables = {}, ...defaults }: BackendType): Role {
  const own = backendVariables(defaults);
  return defineHandler<BackendVariables>({
    name,
    variables: joinVariables(own, variables),
    services,
    backendTags: (config, before) => {
      const known = stateBefore(before);
      return announcement(config, known?.state ?? 'starting', ownClaims(config.routes, known?.claims));
    },
    start: (context) => new Backend(context, stateBefore(context.before)),
  });
}
