import { type Spread, spread } from './measures.ts';
import type { NodeSeen } from './nodes-seen.ts';
import type { Passage } from './passage.ts';

/** A part of the way from `docker run` to the first answer. */
export interface Stage {
  readonly what: string;
  readonly took: Spread;
  /** Of all the time that nodes took on that half of the way, before or after their app was ready: 0 to 1. */
  readonly share: number;
}

export interface Stages {
  readonly untilReady: readonly Stage[];
  readonly sinceReady: readonly Stage[];
  /** From the app's first passed check until a client sent what a balancer then gave to the node. */
  readonly readyToFirstRequest: Spread;
  /** From the app's first passed check until the last of the balancers had the node in rotation. */
  readonly readyToAppliedByAll: Spread;
}

type Mark = keyof Omit<Passage, 'node'> | 'asked' | 'answered';

const UNTIL_READY: readonly (readonly [Mark, string])[] = [
  ['run', 'docker run'],
  ['started', 'until the container is started'],
  ['hosted', 'until its handler is at work'],
  ['ready', 'until a check of the app passes'],
];
const SINCE_READY: readonly (readonly [Mark, string])[] = [
  ['ready', 'app ready'],
  ['connected', 'until its handler has its Serf agent'],
  ['met', 'until it is in the room'],
  ['seen', 'until a balancer sees that it is ready'],
  ['planned', 'until that has looked at HAProxy'],
  ['applied', 'until HAProxy has the server'],
  ['asked', 'until a client sends what it answers first'],
  ['answered', 'until that answer has ended'],
];

/** Where the time goes that a node takes to come. */
export function stagesOf(passages: readonly Passage[], seen: ReadonlyMap<string, NodeSeen>): Stages {
  const whole = passages.flatMap((passage) => {
    const first = seen.get(passage.node);
    if (!first) return [];
    // It may have been sent before, and have waited in HAProxy; a handler that was killed may not have told that it had it.
    const asked = Math.min(Math.max(passage.applied, first.firstSent), first.firstEnd);
    return [{ ...passage, asked, answered: first.firstEnd }];
  });
  const along = (way: typeof UNTIL_READY): Stage[] => {
    const durations = way.slice(1).map(([mark, what], index) => {
      const [before] = way[index] ?? [mark];
      return { what, ms: whole.map((passage) => Math.max(0, passage[mark] - passage[before])) };
    });
    const all = sum(durations.flatMap(({ ms }) => ms));
    return durations.map(({ what, ms }) => ({ what, took: spread(ms), share: all && sum(ms) / all }));
  };
  return {
    untilReady: along(UNTIL_READY),
    sinceReady: along(SINCE_READY),
    readyToFirstRequest: spread(whole.map(({ ready, asked }) => asked - ready)),
    readyToAppliedByAll: spread(whole.map(({ ready, appliedByAll }) => appliedByAll - ready)),
  };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}
