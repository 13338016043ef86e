import { createServer, type Server } from 'node:net';
import { EngineError } from './errors.ts';
import { until } from './poll.ts';

/**
 * One name for the machine, not one per workspace: starting engines choose addresses that no other uses, and install
 * packages. An abstract unix socket (unix(7)) can be bound once per network namespace, as bridges and routes can,
 * and the kernel frees it when its process ends in whatever way: there is no stale lock.
 */
const name = '\0rollcall-engine';

/** Another process may be installing packages on a slow line. */
const limitMs = 15 * 60_000;

/**
 * Runs `work` while no other process of this machine starts, stops or removes a private engine.
 * @throws EngineError BUSY after 15 minutes.
 */
export async function exclusively<T>(work: () => Promise<T>): Promise<T> {
  let server: Server | undefined;
  const locked = await until(async () => {
    server = await tryToBind();
    return server !== undefined;
  }, limitMs);
  if (!locked) {
    throw new EngineError(
      'BUSY',
      `Another process has been starting or stopping a private engine for ${limitMs / 60_000} minutes. ` +
        'Find it with `ss -xlp | grep rollcall-engine` and end it.',
    );
  }
  try {
    return await work();
  } finally {
    await new Promise((resolve) => server?.close(resolve));
  }
}

async function tryToBind(): Promise<Server | undefined> {
  const server = createServer();
  return await new Promise((resolve, reject) => {
    server.once('listening', () => resolve(server));
    server.once('error', (error: NodeJS.ErrnoException) =>
      error.code === 'EADDRINUSE' ? resolve(undefined) : reject(error),
    );
    server.listen({ path: name, exclusive: true });
  });
}
