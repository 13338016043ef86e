import { setTimeout as pause } from 'node:timers/promises';
import { Cluster } from '@rollcall/testkit';
import { type Summary, summarise } from './account/summary.ts';
import type { Window } from './account/window.ts';
import { Driver } from './driver.ts';
import type { Ledger } from './load/ledger.ts';
import { Load } from './load.ts';
import { PlainApp } from './plain-app.ts';
import { type Due, schedule, type Totals } from './schedule.ts';

export interface RunOptions {
  readonly durationMs: number;
  /** Requests per second. */
  readonly rate: number;
  readonly seed: number;
  readonly totals: Totals;
  /** Called as each disturbance begins, for whoever watches. */
  readonly onDue?: (due: Due) => void;
}

export interface Run {
  readonly ledger: Ledger;
  readonly windows: readonly Window[];
  readonly summary: Summary;
}

/** Nodes at the start; stops and joins keep their number within these limits. */
const ROOM = { initial: 3, least: 3, most: 6 };
/** Load alone, before the first disturbance and after the last, in ms. */
const CALM_MS = 2_000;

/** Brings up a cluster of its own, loads and disturbs it, and accounts for every request. */
export async function run({ durationMs, rate, seed, totals, onDue }: RunOptions): Promise<Run> {
  const dues = schedule(totals, durationMs, ROOM, seed);
  const cluster = await Cluster.open('churn');
  try {
    const ha = await cluster.balancer();
    const driver = new Driver(cluster, ha, await PlainApp.open(cluster));
    await Promise.all(Array.from({ length: ROOM.initial }, () => driver.join()));
    const reloadsBefore = await ha.reloads();

    const load = await Load.start({ urls: [ha.url], rate, seed });
    try {
      await disturb(driver, dues, onDue);
    } finally {
      await load.stop();
    }
    const { ledger, lag } = await load.stop();

    const reloads = (await ha.reloads()) - reloadsBefore;
    const { windows, failures, plainRuns } = driver;
    return {
      ledger,
      windows,
      summary: summarise(ledger, { windows, failures, plainRuns, lag, reloads }),
    };
  } finally {
    await cluster.close();
  }
}

/** Each begins at its time, whether those before are over or not. */
async function disturb(driver: Driver, dues: readonly Due[], onDue?: (due: Due) => void): Promise<void> {
  const startedAt = Date.now() + CALM_MS;
  const under: Promise<void>[] = [];
  for (const due of dues) {
    await pause(Math.max(0, startedAt + due.at - Date.now()));
    onDue?.(due);
    under.push(driver.carryOut(due));
  }
  await Promise.all(under);
  await pause(CALM_MS);
}
