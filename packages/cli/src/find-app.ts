import { isNodeName } from '@rollcall/membership';
import type { EngineContainer } from './engine.ts';
import { CliError } from './errors.ts';
import { CLUSTER_LABEL } from './labels.ts';

/**
 * The container to be brought into a cluster, by its name or the begin of its id.
 *
 * @throws CliError `APP_UNFIT` when there is none or it is not clear which, or none that a sidecar can help
 */
export function findApp(given: string, all: readonly EngineContainer[]): EngineContainer {
  const app = byNameOrId(given, all);
  const { name, labels, state, networkMode } = app;
  if (labels[CLUSTER_LABEL] !== undefined) {
    throw new CliError(
      'APP_UNFIT',
      `the container ${name} is a node of the cluster "${labels[CLUSTER_LABEL]}"`,
    );
  }
  if (state !== 'running') {
    const start = state === 'paused' ? 'unpause' : 'start';
    throw new CliError('APP_UNFIT', `the container ${name} does not run (${state})`, {
      advice: `\`docker ${start} ${name}\`, then run this again.`,
    });
  }
  const [mode, other] = networkMode.split(':');
  if (mode === 'container') {
    throw new CliError('APP_UNFIT', `the container ${name} shares the network of another`, {
      advice: `Add that one: \`docker inspect ${other?.slice(0, 12)}\` names it. Both have the same ports.`,
    });
  }
  if (mode === 'host' || mode === 'none') {
    throw new CliError(
      'APP_UNFIT',
      `the container ${name} cannot be connected to a network: it has --network ${mode}`,
      {
        advice: 'Start it in a network of its own, or in the one of the cluster.',
      },
    );
  }
  return app;
}

/** Fewer characters of an id are more likely a name with a typing error. */
const ID = /^[0-9a-f]{4,64}$/;

function byNameOrId(given: string, all: readonly EngineContainer[]): EngineContainer {
  const named = all.find(({ name }) => name === given);
  if (named) return named;
  const [first, ...more] = ID.test(given) ? all.filter(({ id }) => id.startsWith(given)) : [];
  if (!first) {
    throw new CliError('APP_UNFIT', `there is no container "${given}"`, {
      advice:
        'Start it first, and give its name or at least 4 characters of its id, as `docker ps` shows them.',
    });
  }
  if (more.length > 0) {
    const names = [first, ...more].map(({ name }) => name).join(', ');
    throw new CliError('APP_UNFIT', `several containers have an id that begins with "${given}": ${names}`, {
      advice: 'Give the name of the one that you mean.',
    });
  }
  return first;
}

/** What a sidecar's node is called, unless it is said. @throws CliError `USAGE` */
export function nodeNameOf({ name }: EngineContainer, said: string | undefined): string {
  const node = said ?? name;
  if (isNodeName(node)) return node;
  throw new CliError('USAGE', `the container's name "${name}" cannot be the name of a node`, {
    advice: 'Give the node another with --name.',
  });
}
