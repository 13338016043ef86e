import { setTimeout as pause } from 'node:timers/promises';
import { type Kind, Load } from '@rollcall/churn';
import { Cluster, type TestContainer, until } from '@rollcall/testkit';
import { hold } from '../errors.ts';
import {
  brokenIn,
  CHANGES,
  type Change,
  type Followed,
  firstAnswerMs,
  followed,
  JOINING,
  type Measured,
  type Window,
} from './followed.ts';
import { NaiveRoom, naiveConfig, urlOf } from './naive-room.ts';

/** Requests per second, of these kinds. */
const RATE = 100;
const MIX: Partial<Record<Kind, number>> = { get: 3, 'get-fresh': 3, post: 2, 'post-fresh': 2 };
/** How long load goes on after a change has been followed, in ms: some losses come after. */
const AFTER_MS = 2_000;

/** The naive way and Rollcall, by the change. */
export interface Comparison {
  readonly rate: number;
  readonly naive: Readonly<Record<Change, Followed>>;
  readonly rollcall: Readonly<Record<Change, Followed>>;
  /** From `docker run` of a node to the first right answer from it that came back, in ms. */
  readonly firstAnswerMs: { readonly naive: number; readonly rollcall: number };
}

/** One of the two. */
interface Contestant {
  readonly url: string;
  run(name: string): Promise<TestContainer>;
  /** The servers that its balancer sends requests to. */
  servers(): Promise<string[]>;
}

/** The same load on both while a node joins, one is stopped and one is killed. */
export async function compare(say: (line: string) => void): Promise<Comparison> {
  say('  the naive way under load: join, stop, kill');
  const naive = await measureNaive();
  say('  Rollcall under the same load: join, stop, kill');
  const rollcall = await measureRollcall();
  const comparison = {
    rate: RATE,
    naive: followed(naive),
    rollcall: followed(rollcall),
    firstAnswerMs: { naive: firstAnswerMs(naive), rollcall: firstAnswerMs(rollcall) },
  };
  const broken = brokenIn(rollcall);
  hold(
    broken.length === 0,
    'Rollcall loses nothing but POSTs in flight in a killed node',
    broken.slice(0, 5),
  );
  const lost = CHANGES.reduce((sum, change) => sum + comparison.naive[change].failed, 0);
  hold(lost > 0, 'the naive way loses requests', comparison.naive);
  return comparison;
}

async function measureNaive(): Promise<Measured> {
  const room = await NaiveRoom.open();
  try {
    const ha = await room.balancer();
    return await measure({
      url: urlOf(ha),
      run: (name) => room.web(name),
      async servers() {
        const config = await naiveConfig(ha);
        return [...config.matchAll(/^ {2}server (\S+)/gm)].map(([, name = '']) => name).sort();
      },
    });
  } finally {
    await room.close();
  }
}

async function measureRollcall(): Promise<Measured> {
  const cluster = await Cluster.open('lab-compared');
  try {
    const ha = await cluster.balancer('ha', { env: { ROLLCALL_FAILED_GRACE_SECONDS: '2' } });
    return await measure({
      url: ha.url,
      run: async (name) => (await cluster.web(name)).container,
      servers: () => ha.configured(),
    });
  } finally {
    await cluster.close();
  }
}

async function measure({ url, run, servers }: Contestant): Promise<Measured> {
  const s1 = await run('s1');
  const s2 = await run('s2');
  await run('s3');
  // Two are left in the end: one alone would make it a measurement of what that one stands.
  const nodes = new Set(['s1', 's2', 's3']);
  const untilFollowed = async () => {
    const names = [...nodes].sort().join();
    await until(`the servers ${names}`, async () => (await servers()).join() === names);
  };
  await untilFollowed();
  const load = await Load.start({ urls: [url], rate: RATE, seed: 1, mix: MIX });
  try {
    const untilAnswers = (from: number) =>
      until('a right answer', () =>
        [...load.ledger].some(({ outcome, sentAt }) => outcome === 'right' && sentAt >= from),
      );
    await untilAnswers(0);
    const change = async (act: () => Promise<unknown>): Promise<Window> => {
      const from = Date.now();
      await act();
      const struckBy = Date.now();
      await untilFollowed();
      await untilAnswers(Date.now());
      await pause(AFTER_MS);
      return { from, struckBy, until: Date.now() };
    };
    const windows = {
      join: await change(async () => {
        await run(JOINING);
        nodes.add(JOINING);
        await until(`an answer of ${JOINING}`, () => [...load.ledger].some(({ node }) => node === JOINING));
      }),
      stop: await change(async () => {
        nodes.delete('s1');
        await s1.stop();
      }),
      kill: await change(async () => {
        nodes.delete('s2');
        await s2.kill();
        await s2.waitForExit();
      }),
    };
    const { ledger } = await load.stop();
    return { records: [...ledger], windows };
  } finally {
    await load.stop();
  }
}
