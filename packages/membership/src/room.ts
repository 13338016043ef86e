import type { Log } from './log.ts';
import type { View } from './member.ts';
import type { Change } from './member-diff.ts';
import type { Queries } from './queries.ts';
import type { Tags } from './tags.ts';

export interface RoomOptions {
  /** This node's own name, as in the agent's configuration. */
  node: string;
  rpc: { host: string; port: number; authKey: string };
  seeds: readonly string[];
  /** The port of a seed that names none, and of the agents; default 7946. */
  gossipPort?: number;
  /** Tags to announce before the first join, so that nobody sees the node without. */
  tags?: Tags;
  log: Log;
}

export declare class Room {
  static open(options: RoomOptions): Room;
  readonly queries: Queries;
  view(): View | undefined;
  on(event: 'view', listener: (view: View, changes: readonly Change[]) => void): this;
  lookAgain(): void;
  setTags(tags: Tags): Promise<void>;
  spread(names?: readonly string[]): Promise<void>;
  close(): Promise<void>;
}
