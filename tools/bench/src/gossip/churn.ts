import { TestkitError, until } from '@rollcall/testkit';
import type { BalancerNews } from './balancer-news.ts';

/** Longer than it takes Serf to tell anything: what the balancer has not seen by then, it has missed. */
const MISSED_AFTER_MS = 60_000;
/** The time of a change is told by the balancer's log, however seldom that is read. */
const READ_EVERY_MS = 400;

/** An agent that can be told to go and to come again. @returns when it was told, in ms since the epoch */
export interface Commuter {
  readonly name: string;
  leave(): Promise<number>;
  start(): Promise<number>;
}

/** How long the balancer took to follow each change, in ms. */
export interface ChurnFound {
  readonly joinMs: readonly number[];
  readonly leaveMs: readonly number[];
  readonly missed: number;
}

export interface ChurnOptions {
  readonly seconds: number;
  /** Agents that come and go at the same time. */
  readonly lanes: number;
}

/** Has agents leave and come again, each by turns, as long as the time goes; all are there again in the end. */
export async function churn(
  commuters: readonly Commuter[],
  news: BalancerNews,
  { seconds, lanes }: ChurnOptions,
): Promise<ChurnFound> {
  const found = { joinMs: [] as number[], leaveMs: [] as number[], missed: 0 };
  const endAt = performance.now() + seconds * 1_000;
  const lane = async (own: readonly Commuter[]) => {
    do {
      for (const commuter of own) {
        await follow('gone', commuter.name, found.leaveMs, await commuter.leave());
        await follow('applied', commuter.name, found.joinMs, await commuter.start());
        if (performance.now() >= endAt) return;
      }
    } while (performance.now() < endAt);
  };
  const follow = async (event: 'applied' | 'gone', node: string, times: number[], since: number) => {
    const at = await toldAt(news, event, node, since);
    if (at === undefined) found.missed += 1;
    else times.push(at - since);
  };
  const shares = Array.from({ length: lanes }, (_, share) =>
    commuters.filter((_each, index) => index % lanes === share),
  );
  await Promise.all(shares.filter((share) => share.length > 0).map(lane));
  return found;
}

/** undefined where the balancer has missed it. */
async function toldAt(
  news: BalancerNews,
  event: 'applied' | 'gone',
  node: string,
  since: number,
): Promise<number | undefined> {
  try {
    return await until(`${event} of ${node}`, async () => (await news.since(event, since)).get(node), {
      limitMs: MISSED_AFTER_MS,
      everyMs: READ_EVERY_MS,
    });
  } catch (error) {
    if (error instanceof TestkitError && error.code === 'NOT_FULFILLED') return undefined;
    throw error;
  }
}
