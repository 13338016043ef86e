import type { Roster } from './roster.ts';
import { endpoint, type Registered } from './server.ts';

/** What may be told of a node. */
export type Happening =
  | 'joined'
  | 'ready'
  | 'applied'
  | 'first-request'
  | 'suspected'
  | 'draining'
  | 'drained'
  | 'gone'
  | 'returned'
  | 'refused';

/** One thing that happened to a node, and what caused it. */
export interface News {
  readonly node: string;
  readonly what: Happening;
  readonly cause: string;
}

/** What is new on a roster. */
export function newsOf(before: Pick<Roster, 'servers'>, after: Roster): News[] {
  const known = new Map(before.servers.map((server) => [server.name, server]));
  return [
    ...after.servers.flatMap((server) => newsOfServer(known.get(server.name), server)),
    ...after.gone.map(({ name, cause }): News => ({ node: name, what: 'gone', cause })),
  ];
}

function newsOfServer(before: Registered | undefined, after: Registered): News[] {
  if (before === after) return [];
  const { name: node, cause, boot, mode } = after;
  const tell = (what: Happening, why = cause): News[] => [{ node, what, cause: why }];
  if (!before) return tell('ready', `${cause}, at ${endpoint(after)}`);
  if (boot !== before.boot) return tell('ready', `${cause}, started anew, at ${endpoint(after)}`);
  if (mode !== before.mode) return tell(mode === 'maint' ? 'draining' : 'returned');
  const wasSuspect = before.suspectSince !== undefined;
  const isSuspect = after.suspectSince !== undefined;
  if (isSuspect && !wasSuspect) return tell('suspected', `${cause}; HAProxy's check decides`);
  if (wasSuspect && !isSuspect) return tell('returned');
  return [];
}
