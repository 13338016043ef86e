import { setTimeout as sleep } from 'node:timers/promises';
import { type FoundContainer, isLive } from './cluster.ts';
import type { Engine } from './engine.ts';
import { CliError } from './errors.ts';
import type { Host } from './host.ts';
import { type Missing, notInPlace } from './in-place.ts';
import { containersOf } from './labels.ts';
import { readStatuses } from './node-status.ts';
import { Progress } from './progress.ts';

/** How often is looked, in ms. A look runs `cat` in every container that is waited for. */
const LOOK_EVERY_MS = 200;
const LAST_LOG_LINES = 8;
/** Letters of a reason in the line that tells what is awaited; the error tells it whole. */
const MOST_SHOWN = 60;

/**
 * How long a service must have none of its routes before it is not waited for any more, in ms: a balancer's status is up
 * to 2 s old, and who had a route may be leaving.
 */
const REFUSED_FOR_MS = 6_000;

/** What nodes are waited for with. */
export interface Waiting {
  readonly engine: Engine;
  readonly cluster: string;
  readonly progress: Progress;
  /** How long a node may take to come into its place. */
  readonly readyLimitMs: number;
  readonly signal: AbortSignal;
}

export function waitingWith(
  engine: Engine,
  cluster: string,
  readyLimitSeconds: number,
  { stderr, signal }: Host,
): Waiting {
  return { engine, cluster, progress: new Progress(stderr), readyLimitMs: readyLimitSeconds * 1000, signal };
}

/**
 * Waits until each of these nodes is in its place, as `notInPlace` has it.
 *
 * @throws CliError `NODE_DOWN` when one of them stops, `NOT_READY` when the limit is over, both with the node's last
 *   words; `ROUTE_REFUSED` when a balancer gives none of its routes to the service of one
 */
export async function untilInPlace(nodes: readonly string[], waiting: Waiting): Promise<void> {
  const { engine, cluster, progress, readyLimitMs, signal } = waiting;
  const deadline = performance.now() + readyLimitMs;
  let before = nodes;
  let lastWithoutRefusal = performance.now();
  for (;;) {
    const containers = containersOf(cluster, await engine.containers());
    const awaited = await requireRunning(nodes, containers, waiting);
    const missing = await lookOnce(awaited, containers, engine);
    const still = missing.map(({ node }) => node);
    for (const { node, role } of awaited) {
      if (!before.includes(node) || still.includes(node)) continue;
      progress.done(node, role === 'balancer' ? 'follows the cluster' : 'in rotation');
    }
    const [first] = missing;
    if (!first) return progress.end();
    const refused = missing.filter(({ isRefused }) => isRefused);
    if (refused.length === 0) lastWithoutRefusal = performance.now();
    if (performance.now() - lastWithoutRefusal >= REFUSED_FOR_MS) throw routeRefused(refused);
    if (performance.now() >= deadline) throw await notReady(first, missing, awaited, waiting);
    progress.waiting(missing.map(({ node, why }) => `${node} (${shortened(why)})`).join(', '));
    before = still;
    await sleep(LOOK_EVERY_MS, undefined, { signal });
  }
}

async function lookOnce(
  awaited: readonly FoundContainer[],
  containers: readonly FoundContainer[],
  engine: Engine,
): Promise<Missing[]> {
  const balancers = containers.filter((each) => each.role === 'balancer' && isLive(each));
  const own = await readStatuses(engine, awaited);
  const seen = await readStatuses(engine, balancers);
  return notInPlace(awaited, seen, own);
}

/** The containers of these nodes, all of which must run. */
async function requireRunning(
  nodes: readonly string[],
  containers: readonly FoundContainer[],
  { engine }: Waiting,
): Promise<FoundContainer[]> {
  const found: FoundContainer[] = [];
  for (const node of nodes) {
    const container = containers.find((each) => each.node === node);
    if (!container) throw new CliError('NODE_DOWN', `${node} was removed by someone else`);
    const { exitCode, restarts, state } = await engine.life(container.id);
    if (state === 'paused') {
      throw new CliError('NODE_DOWN', `${node} is paused`, {
        advice: `Let it go on with \`docker unpause ${container.name}\`.`,
      });
    }
    if (state !== 'running' || restarts > 0) {
      const how = state === 'running' ? 'and was started again' : `with exit code ${exitCode}`;
      throw new CliError('NODE_DOWN', `${node} ended ${how} instead of serving`, {
        advice: await lastWords(container, engine),
      });
    }
    found.push(container);
  }
  return found;
}

async function notReady(
  first: Missing,
  missing: readonly Missing[],
  awaited: readonly FoundContainer[],
  { engine, readyLimitMs }: Waiting,
): Promise<CliError> {
  const container = awaited.find(({ node }) => node === first.node);
  const names = missing.map(({ node }) => node).join(', ');
  return new CliError('NOT_READY', `not in place after ${readyLimitMs / 1000} s: ${names}`, {
    advice: [
      ...missing.map(({ node, why }) => `${node}: ${why}`),
      ...(container ? await lastWords(container, engine) : []),
    ],
  });
}

function routeRefused(refused: readonly Missing[]): CliError {
  const names = refused.map(({ node }) => node).join(', ');
  return new CliError('ROUTE_REFUSED', `the routes of ${names} are refused`, {
    advice: [
      ...refused.map(({ node, why }) => `${node}: ${why}`),
      'Choose others with --route, or have the other service give them up: `rollcall ps` shows who has what.',
    ],
  });
}

function shortened(why: string): string {
  return why.length > MOST_SHOWN ? `${why.slice(0, MOST_SHOWN - 1)}…` : why;
}

/** The end of a container's log, as advice. */
async function lastWords({ id, node }: FoundContainer, engine: Engine): Promise<string[]> {
  const lines: string[] = [];
  for await (const line of engine.logs(id, { follow: false, tail: LAST_LOG_LINES })) lines.push(`  ${line}`);
  return lines.length > 0 ? [`The end of its log (\`rollcall logs ${node}\`):`, ...lines] : [];
}
