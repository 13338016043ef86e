import { setTimeout as pause } from 'node:timers/promises';
import { type Balancer, Cluster, type ClusterNode } from '@rollcall/testkit';
import { type Summary, summarise } from './account/summary.ts';
import type { Window } from './account/window.ts';
import { Driver } from './driver.ts';
import type { Ledger } from './load/ledger.ts';
import { Load } from './load.ts';
import { readPassages } from './passages.ts';
import { PlainApp } from './plain-app.ts';
import { type Due, schedule, type Totals } from './schedule.ts';

export interface RunOptions {
  readonly durationMs: number;
  /** Requests per second. */
  readonly rate: number;
  readonly seed: number;
  /** How many the clients know, at least 1. */
  readonly balancers: number;
  readonly totals: Totals;
  /** Called as each disturbance begins, for whoever watches. */
  readonly onDue?: (due: Due) => void;
}

export interface Run {
  readonly ledger: Ledger;
  readonly windows: readonly Window[];
  readonly summary: Summary;
  /** Of every node that there was, by its name. */
  readonly logs: ReadonlyMap<string, string>;
}

/** Nodes at the start; stops and joins keep their number within these limits. */
const ROOM = { initial: 3, least: 3, most: 6 };
/** Load alone, before the first disturbance and after the last, in ms. */
const CALM_MS = 2_000;

/** Brings up a cluster of its own, loads and disturbs it, and accounts for every request. */
export async function run(options: RunOptions): Promise<Run> {
  const { durationMs, rate, seed, totals, onDue } = options;
  const dues = schedule(totals, durationMs, ROOM, seed);
  const cluster = await Cluster.open('churn');
  try {
    const balancers = await balancersOf(cluster, options.balancers);
    const driver = new Driver(cluster, balancers, await PlainApp.open(cluster));
    await Promise.all(Array.from({ length: ROOM.initial }, () => driver.join()));
    const reloadsBefore = await reloadsOf(balancers);

    const [first, ...others] = balancers;
    const load = await Load.start({ urls: [first.url, ...others.map(({ url }) => url)], rate, seed });
    try {
      await disturb(driver, dues, onDue);
    } finally {
      await load.stop();
    }
    const { ledger, lag } = await load.stop();

    const reloads = (await reloadsOf(balancers)) - reloadsBefore;
    const { windows, failures, plainRuns } = driver;
    const joins = windows.filter(({ what }) => what === 'join');
    const passages = await readPassages(joins, cluster.nodes, balancers);
    const observed = { windows, failures, plainRuns, passages, lag, reloads, balancers: balancers.length };
    const logs = await logsOf(cluster.nodes);
    return { ledger, windows, summary: summarise(ledger, observed), logs };
  } finally {
    await cluster.close();
  }
}

async function balancersOf(cluster: Cluster, count: number): Promise<[Balancer, ...Balancer[]]> {
  const [first, ...others] = Array.from({ length: count }, (_, index) => cluster.balancer(`ha${index + 1}`));
  if (!first) throw new RangeError('a run takes a balancer at least');
  return await Promise.all([first, ...others]);
}

async function reloadsOf(balancers: readonly Balancer[]): Promise<number> {
  const counts = await Promise.all(balancers.map((balancer) => balancer.reloads()));
  return counts.reduce((sum, count) => sum + count, 0);
}

async function logsOf(nodes: readonly ClusterNode[]): Promise<Map<string, string>> {
  const logs = new Map<string, string>();
  for (const { name, container } of nodes) logs.set(name, await container.logs());
  return logs;
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
