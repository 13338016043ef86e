import { setTimeout as pause } from 'node:timers/promises';
import { Load, type RequestRecord } from '@rollcall/churn';
import { Cluster, type TestContainer, until } from '@rollcall/testkit';
import { APP_PORT, type Contender, type Running } from './contender.ts';

/** Times of one join, one `docker stop` and one `docker kill`, in ms since the epoch. */
export interface Round {
  readonly node: string;
  readonly runAt: number;
  readonly readyAt: number;
  readonly stopAt: number;
  readonly stoppedAt: number;
  /** The node that was killed, and when. */
  readonly killed: string;
  readonly killAt: number;
  /** When nothing that the kill did is to be expected any more. */
  readonly overAt: number;
}

export interface Course {
  readonly rounds: readonly Round[];
  readonly records: readonly RequestRecord[];
}

export interface CourseOptions {
  readonly nodes: number;
  readonly rounds: number;
  /** Requests per second. */
  readonly rate: number;
  /** Left to each change before the next begins, in ms. */
  readonly settleMs: number;
}

/** Puts a contender under load while single nodes join, stop and are killed, one change at a time. */
export async function runCourse(contender: Contender, options: CourseOptions): Promise<Course> {
  const cluster = await Cluster.open('bench-convergence');
  try {
    const running = await contender.start(cluster, options.nodes + 5);
    for (let index = 0; index < options.nodes; index += 1) await untilReady(await running.add(`n${index}`));
    await until('an answer of the balancer', async () => (await fetch(running.url)).ok);
    await pause(options.settleMs);
    const load = await Load.start({
      urls: [running.url],
      rate: options.rate,
      seed: 1,
      mix: { get: 2, 'get-fresh': 1 },
    });
    const rounds: Round[] = [];
    try {
      for (let number = 0; number < options.rounds; number += 1) {
        rounds.push(await runRound(running, number, options.settleMs));
      }
    } finally {
      await load.stop();
    }
    return { rounds, records: [...load.ledger] };
  } finally {
    await cluster.close();
  }
}

async function runRound(running: Running, number: number, settleMs: number): Promise<Round> {
  const [node, killed] = [`stop${number}`, `kill${number}`];
  const runAt = Date.now();
  const container = await running.add(node);
  await untilReady(container);
  const readyAt = Date.now();
  await pause(settleMs);
  const other = await running.add(killed);
  await untilReady(other);
  await pause(settleMs);
  const stopAt = Date.now();
  await container.stop();
  const stoppedAt = Date.now();
  await pause(settleMs);
  const killAt = Date.now();
  await other.kill();
  await other.waitForExit();
  await pause(settleMs);
  return { node, runAt, readyAt, stopAt, stoppedAt, killed, killAt, overAt: Date.now() };
}

/** Until the app answers on its own port. */
async function untilReady(container: TestContainer): Promise<void> {
  const url = `http://${container.address}:${APP_PORT}/`;
  await until('the app to answer', async () => (await fetch(url)).ok, { everyMs: 2 });
}
