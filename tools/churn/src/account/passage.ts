import type { Window } from './window.ts';

/** A line of a handler's log. */
export type LogLine = Readonly<Record<string, unknown>>;

/** What there is to read of a join once it is over. */
export interface Traces {
  readonly join: Window;
  /** When the engine had started the container, in ms since the epoch. */
  readonly startedAt: number;
  /** Of the node's own handler. */
  readonly log: readonly LogLine[];
  /** Of each balancer's handler. */
  readonly balancerLogs: readonly (readonly LogLine[])[];
}

/** When a node that joined had come how far. All times are in ms since the epoch, each no earlier than the one before it. */
export interface Passage {
  readonly node: string;
  readonly run: number;
  readonly started: number;
  /** Its handler is at work. */
  readonly hosted: number;
  /** Its app has passed a check. */
  readonly ready: number;
  /** Its handler has its Serf agent. */
  readonly connected: number;
  /** Its agent has met others. */
  readonly met: number;
  /** The first balancer that had it in rotation sees that it is ready. */
  readonly seen: number;
  /** That balancer has looked at HAProxy and knows what to change. */
  readonly planned: number;
  /** Its HAProxy has been changed. */
  readonly applied: number;
  /** The last of the balancers has done so, too. */
  readonly appliedByAll: number;
}

/** @returns undefined where the logs do not tell all of it, as when a balancer's handler was killed meanwhile */
export function passageOf({ join, startedAt, log, balancerLogs }: Traces): Passage | undefined {
  const { node, from: run, readyAt: ready } = join;
  const said = (msg: string) => timeOf(log.find((line) => line['msg'] === msg));
  const [hosted, connected, met] = [
    said('started'),
    said('connected to the Serf agent'),
    said('in the room with others'),
  ];
  const entries = balancerLogs.flatMap((lines) => entryIn(lines, node) ?? []);
  const [first, ...others] = entries.sort((one, other) => one.applied - other.applied);
  if (!ready || !hosted || !connected || !met || !first || entries.length < balancerLogs.length) return;
  const { seen, planned, applied } = first;
  // What a node does side by side may be done in another order than the names of the stages say.
  const started = between(run, startedAt, ready);
  const connectedThen = between(ready, connected, seen);
  return {
    node,
    run,
    started,
    hosted: between(started, hosted, ready),
    ready,
    connected: connectedThen,
    met: between(connectedThen, met, seen),
    seen,
    planned,
    applied,
    appliedByAll: others.at(-1)?.applied ?? applied,
  };
}

/** How a balancer came to have the node in rotation for the first time. */
function entryIn(lines: readonly LogLine[], node: string) {
  const own = lines.filter(({ member }) => member === node);
  const isSight = ({ msg }: LogLine) => msg === 'membership';
  const plannedAt = own.findIndex((line) => line['event'] === 'ready' && !isSight(line));
  const seen = timeOf(own.slice(0, plannedAt).findLast(isSight));
  const planned = timeOf(own[plannedAt]);
  const applied = timeOf(own.slice(plannedAt).find(({ event }) => event === 'applied'));
  return seen && planned && applied ? { seen, planned, applied } : undefined;
}

function timeOf(line: LogLine | undefined): number | undefined {
  return line && Date.parse(String(line['time']));
}

function between(least: number, value: number, most: number): number {
  return Math.max(least, Math.min(value, most));
}
