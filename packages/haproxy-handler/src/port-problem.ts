import { createServer } from 'node:net';

/**
 * Why nobody could listen on a TCP port here, or undefined. It is asked before HAProxy is: a reload that fails may cost
 * requests, as the process that fails has listened for a moment, too (measured).
 */
export function portProblem(port: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const server = createServer((socket) => socket.destroy());
    server.once('error', (error) => resolve(error.message));
    server.listen({ port, host: '0.0.0.0' }, () => server.close(() => resolve(undefined)));
  });
}
