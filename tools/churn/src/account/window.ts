import type { RequestRecord } from '../load/record.ts';
import type { Disturbance } from '../schedule.ts';

/** A disturbance as it happened. All times are in ms since the epoch. */
export interface Window {
  readonly what: Disturbance;
  readonly node: string;
  /** Of a balancer: where clients reach it. */
  readonly url?: string;
  readonly from: number;
  /** By when the blow has fallen: what is sent later does not meet it. */
  readonly struckBy: number;
  /** When its effects were over: the node is in service, or has ended. */
  readonly until: number;
  /** Of a join: since when the app passed its check. */
  readonly readyAt?: number;
}

/** A span of time, in ms since the epoch. */
type Span = Pick<Window, 'from' | 'until'>;

/** Whether two spans have a moment in common. */
export function overlaps(one: Span, other: Span): boolean {
  return one.from <= other.until && other.from <= one.until;
}

/** Whether a request was under way at some time of it. */
export function isUnder(window: Window, { sentAt, endedAt }: RequestRecord): boolean {
  return overlaps(window, { from: sentAt, until: endedAt });
}
