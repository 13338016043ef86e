import { readFileSync, writeFileSync } from 'node:fs';
import type { Collector } from './collector.ts';

/** What both processes work with, for one start of the container. */
export interface ShippingSettings {
  readonly collector: Collector;
  /** Who sends: the host name in each message. */
  readonly node: string;
  /** Where lines are kept until the collector has them. */
  readonly folder: string;
  /** The most that they take there. */
  readonly limitBytes: number;
  /** The named pipes that the services' loggers write to, by the services' names. */
  readonly pipes: Readonly<Record<string, string>>;
  /** A file that is made when the container begins to stop, and how long that may take from then on. */
  readonly stop: { readonly mark: string; readonly budgetMs: number };
}

export function writeSettings(file: string, settings: ShippingSettings): void {
  writeFileSync(file, `${JSON.stringify(settings)}\n`);
}

/** Reads what `writeSettings` wrote. */
export function readSettings(file: string): ShippingSettings {
  return JSON.parse(readFileSync(file, 'utf8'));
}

/** The names of the two services, which they tell their lines under. */
export const WRITER = 'log-writer';
export const SHIPPER = 'log-shipper';
