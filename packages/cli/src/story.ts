import { viewOf } from './balancer-view.ts';
import type { ContainerLife } from './engine.ts';
import type { ReadStatus } from './node-status.ts';

/** A thing that happened to a node. */
export interface StoryLine {
  /** ISO 8601, UTC. */
  readonly at: string;
  /** Who saw it: a balancer, or the engine. */
  readonly by: string;
  readonly what: string;
  readonly cause: string;
}

/** A container, as the engine knows it. */
export interface Made {
  readonly image: string;
  readonly life: ContainerLife;
}

/** What happened to a node, in the order of time, as its balancers and the engine saw it. */
export function storyOf(
  node: string,
  balancers: ReadonlyMap<string, ReadStatus | undefined>,
  container: Made | undefined,
): StoryLine[] {
  const told = [...balancers].flatMap(([by, status]) =>
    (viewOf(status)?.stories[node] ?? []).map((entry): StoryLine => ({ by, ...entry })),
  );
  return [...told, ...(container ? byEngine(container) : [])].sort(
    (a, b) => Date.parse(a.at) - Date.parse(b.at),
  );
}

function byEngine({ image, life }: Made): StoryLine[] {
  const line = (at: Date, what: string, cause: string): StoryLine => ({
    at: at.toISOString(),
    by: 'engine',
    what,
    cause,
  });
  const { createdAt, startedAt, endedAt, exitCode, outOfMemory, restarts } = life;
  const again = restarts > 0 ? `by the engine itself, for the ${restarts}. time` : '';
  return [
    line(createdAt, 'created', `from ${image}`),
    ...(startedAt ? [line(startedAt, 'started', again)] : []),
    ...(endedAt ? [line(endedAt, 'ended', outOfMemory ? 'out of memory' : exitText(life, exitCode))] : []),
  ];
}

/** While it runs again, the engine no longer knows how it ended before. */
function exitText({ state }: ContainerLife, exitCode: number): string {
  return state === 'running' || state === 'paused' ? 'the run before' : `exit code ${exitCode}`;
}
