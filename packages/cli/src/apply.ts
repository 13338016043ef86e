import { type FoundContainer, howItEnded, isLive, type WantedContainer } from './cluster.ts';
import { CliError, type CliErrorCode } from './errors.ts';
import { keyFile } from './gossip-key.ts';
import { containersOf } from './labels.ts';
import type { Step } from './plan.ts';
import { untilInPlace, type Waiting } from './ready.ts';

/** What steps are carried out with. */
export interface Work extends Waiting {
  /** The key of the cluster's gossip. */
  readonly key: string;
}

/**
 * Carries out a plan, step by step.
 *
 * @throws CliError `NOT_READY`, `NODE_DOWN` or `ROUTE_REFUSED` when a container does not come into its place; where others were to
 *   be replaced by it, it is removed again and they stay
 */
export async function apply(steps: readonly Step[], work: Work): Promise<void> {
  for (const step of steps) {
    work.signal.throwIfAborted();
    await applyStep(step, work);
  }
}

async function applyStep(step: Step, work: Work): Promise<void> {
  switch (step.do) {
    case 'bring':
      return await bring(step, work);
    case 'retire':
      await all(step.containers, (container) => retire(container, step.why, work));
      return;
    case 'rest':
      await work.engine.stop(step.container.id);
      work.progress.done(step.container.node, 'stopped; it is kept for the next `rollcall scale`');
      return;
    case 'remember':
      await make(step.container, work);
      work.progress.done(step.container.node, 'made, not started: it is kept for the next `rollcall scale`');
      return;
  }
}

async function bring(step: Step & { do: 'bring' }, work: Work): Promise<void> {
  const { create, start, replacing } = step;
  try {
    await all(create, (container) => createAndStart(container, work));
    await all(start, async ({ id, node }) => {
      await work.engine.start(id);
      work.progress.done(node, 'started');
    });
    await untilInPlace(
      [...create, ...start].map(({ node }) => node),
      work,
    );
  } catch (error) {
    if (!(error instanceof CliError)) throw error;
    throw replacing ? await takenBack(error, create, work) : stillThere(error);
  }
}

const LEAVES_IT: readonly CliErrorCode[] = ['NOT_READY', 'NODE_DOWN', 'ROUTE_REFUSED'];

function stillThere(error: CliError): CliError {
  if (!LEAVES_IT.includes(error.code)) return error;
  const advice =
    'It is left as it is, and serves as soon as it can. The same command again goes on from there.';
  return new CliError(error.code, error.message, { advice: [...error.advice, advice], cause: error });
}

/** The new ones did not come: removes them again, so that all is as it was before. */
async function takenBack(
  error: CliError,
  containers: readonly WantedContainer[],
  { engine, cluster, progress }: Work,
): Promise<CliError> {
  const nodes = containers.map(({ node }) => node);
  progress.waiting(`${nodes.join(', ')} to stop again`);
  const made = containersOf(cluster, await engine.containers()).filter(({ node }) => nodes.includes(node));
  await all(made, async ({ id, node }) => {
    await engine.stop(id);
    await engine.remove(id);
    progress.done(node, 'removed again');
  });
  return new CliError(error.code, error.message, {
    advice: [...error.advice, 'What was new is removed again. The old nodes were not touched and serve on.'],
    cause: error,
  });
}

async function createAndStart(container: WantedContainer, work: Work): Promise<void> {
  const id = await make(container, work);
  try {
    await work.engine.start(id);
  } catch (error) {
    // A container that cannot start, say for a port that was taken meanwhile, would only be in the way.
    await work.engine.remove(id);
    throw error;
  }
  work.progress.done(container.node, `started from ${container.spec.image}`);
}

async function make(container: WantedContainer, { engine, cluster, key }: Work): Promise<string> {
  const id = await engine.create(cluster, container);
  await engine.putFile(id, keyFile(key));
  return id;
}

/** Stops a container, which drains it, and removes it. */
export async function retire(
  container: FoundContainer,
  why: string,
  { engine, progress }: Pick<Work, 'engine' | 'progress'>,
): Promise<void> {
  const { id, node, role } = container;
  let ended = '';
  if (isLive(container)) {
    progress.waiting(`${node} to finish its requests and stop`);
    await engine.stop(id);
    const { exitCode } = await engine.life(id);
    ended = `${role === 'backend' ? 'drained, ' : ''}stopped${exitCode === 0 ? '' : `, ${howItEnded(exitCode)},`} and `;
  }
  await engine.remove(id);
  progress.done(node, `${ended}removed (${why})`);
}

/** Does something for all of them at once, and waits for each even when one fails, so that nothing goes on unseen. */
async function all<T, R>(items: readonly T[], act: (item: T) => Promise<R>): Promise<R[]> {
  const results = await Promise.allSettled(items.map(act));
  return results.map((result) => {
    if (result.status === 'rejected') throw result.reason;
    return result.value;
  });
}
