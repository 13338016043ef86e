import type { RequestRecord } from '../load/record.ts';
import type { Disturbance } from '../schedule.ts';

/** A disturbance as it happened. All times are in ms since the epoch. */
export interface Window {
  readonly what: Disturbance;
  readonly node: string;
  readonly from: number;
  /** By when the blow has fallen: what is sent later does not meet it. */
  readonly struckBy: number;
  /** When its effects were over: the node is in service, or has ended. */
  readonly until: number;
  /** Of a join: since when the app passed its check. */
  readonly readyAt?: number;
}

/** Whether a request was under way at some time of it. */
export function isUnder({ from, until }: Window, { sentAt, endedAt }: RequestRecord): boolean {
  return sentAt <= until && endedAt >= from;
}
