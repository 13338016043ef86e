import { isNodeName } from '@rollcall/membership';
import type { EngineContainer } from './engine.ts';
import { CliError } from './errors.ts';
import { CLUSTER_LABEL } from './labels.ts';

/**
 * The container to be brought into a cluster, by its name or the begin of its id.
 *
 * @throws CliError `APP_UNFIT` when there is none, or none that a sidecar can help
 */
export function findApp(given: string, all: readonly EngineContainer[]): EngineContainer {
  const app = all.find(({ name }) => name === given) ?? all.find(({ id }) => id.startsWith(given));
  if (!app) {
    throw new CliError('APP_UNFIT', `there is no container "${given}"`, {
      advice: 'Start it first; `docker ps --all` shows what there is.',
    });
  }
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

/** What a sidecar's node is called, unless it is said. @throws CliError `USAGE` */
export function nodeNameOf({ name }: EngineContainer, said: string | undefined): string {
  const node = said ?? name;
  if (isNodeName(node)) return node;
  throw new CliError('USAGE', `the container's name "${name}" cannot be the name of a node`, {
    advice: 'Give the node another with --name.',
  });
}
