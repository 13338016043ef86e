import { once } from 'node:events';
import { createServer } from 'node:net';

/** Below the ports that the kernel gives to outgoing connections, which come and go. */
const LOWEST = 15_000;
const HIGHEST = 30_000;

/** Three ports side by side on 127.0.0.1 that nobody uses. */
export async function threeFreePorts(): Promise<[string, string, string]> {
  for (;;) {
    const port = LOWEST + Math.floor(Math.random() * (HIGHEST - LOWEST));
    if ((await isFree(port)) && (await isFree(port + 1)) && (await isFree(port + 2))) {
      return [String(port), String(port + 1), String(port + 2)];
    }
  }
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer().listen({ host: '127.0.0.1', port, exclusive: true });
  try {
    await once(server, 'listening');
    return true;
  } catch {
    return false;
  } finally {
    server.close();
  }
}
