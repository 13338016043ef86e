/**
 * Log lines that tell of a change 1-3 s before the agent's member events do, which it holds back and merges. The intent to
 * leave is a line of level DEBUG; the others are INFO. The monitor has its own level, whatever the agent's.
 *
 * The name follows, and in some lines the address after it (Serf 0.10, serf/serf.go and serf/delegate.go).
 */
const HINT =
  /(?:EventMember(?:Join|Leave|Failed|Update|Reap)(?: \(forced\))?|messageLeaveType)(?:: (?<node>\S+))?/;

export interface Hint {
  /** The member that may have changed; of a name with blanks, the part before them. Undefined where the line names none. */
  readonly node: string | undefined;
}

/** What a line of the agent's log says of the members; undefined where it says nothing of them. */
export function readHint(line: string): Hint | undefined {
  const found = HINT.exec(line);
  return found ? { node: found.groups?.['node'] } : undefined;
}
