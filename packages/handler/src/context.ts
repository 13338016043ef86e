import type { Queries, Room, View } from '@rollcall/membership';
import type { Supervisor } from '@rollcall/supervision';
import type { Logger } from 'pino';
import type { BackendAnnouncement } from './role.ts';

/** Who this node is, for one start of its container. */
export interface NodeIdentity {
  readonly name: string;
  /** Twelve hexadecimal digits, new at each start of the container: tells a node from its own predecessor. */
  readonly boot: string;
}

/** What a former handler of this node told last, in this start of the container. */
export interface Before {
  /** The node was out of service, or on its way there; the host goes on with that. */
  readonly isDraining: boolean;
  /** What the role told of itself. */
  readonly roleStatus: unknown;
}

/** What a role works with. */
export interface Context<Config> {
  readonly config: Config;
  readonly node: NodeIdentity;
  /** Ports of this node that its agent has: gossip's, and its RPC's. */
  readonly agentPorts: readonly number[];
  /** Absent unless a former handler was killed: the node's other processes went on meanwhile. */
  readonly before?: Before;
  readonly log: Logger;
  readonly room: Room;
  readonly queries: Queries;
  /** The services of this container, by their names. */
  readonly services: Supervisor;
  /** Who was in the room when it was last looked at; undefined before the first look. */
  view(): View | undefined;
  /** Tells the room what this backend is now; resolves when this node's own agent has it. The last call wins. */
  announce(announcement: BackendAnnouncement): Promise<void>;
  /** The role's `status()` would now tell something else. */
  statusChanged(): void;
  /** The role is well again, or has a problem that a person should know of. Decides the container's health. */
  healthy(problem?: string): void;
}
