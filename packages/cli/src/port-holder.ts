import { createServer } from 'node:net';
import type { Engine, EngineContainer } from './engine.ts';
import { CLUSTER_LABEL } from './labels.ts';
import type { PortHolder } from './ports.ts';

/**
 * Asks the engine's containers and, where its ports are this machine's, the machine. What a cluster's own
 * containers hold is free for it.
 */
export function portHolder(
  { isLocal }: Pick<Engine, 'isLocal'>,
  all: readonly EngineContainer[],
  cluster: string,
): PortHolder {
  return async (bind, port) => {
    const holder = all.find(({ published }) =>
      published.some((each) => each.port === port && sameAddress(each.bind, bind)),
    );
    if (holder) return holder.labels[CLUSTER_LABEL] === cluster ? undefined : `the container ${holder.name}`;
    return isLocal && !(await canListen(bind, port)) ? 'another program' : undefined;
  };
}

const EVERY_ADDRESS = ['0.0.0.0', '::'];

function sameAddress(one: string, other: string): boolean {
  return one === other || EVERY_ADDRESS.includes(one) || EVERY_ADDRESS.includes(other);
}

/** False only when somebody listens there; whatever else may be wrong, the engine says when it publishes the port. */
async function canListen(host: string, port: number): Promise<boolean> {
  return await new Promise((resolve) => {
    const server = createServer();
    server.once('error', ({ code }: NodeJS.ErrnoException) => resolve(code !== 'EADDRINUSE'));
    server.listen({ host, port, exclusive: true }, () => server.close(() => resolve(true)));
  });
}
