import { readFileSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import type { Context } from '@rollcall/handler';

const LOOK_EVERY_MS = 500;
const FIRST_PROCESS = 1;

/**
 * Ends the container when its network is gone: a container that ends takes its network away, from its sidecar as well,
 * and when it starts it has another. Only a new start of the sidecar gets into that.
 */
export function endWithoutNetwork(log: Context<unknown>['log']): void {
  if (!isInContainer()) return;
  const timer = setInterval(() => {
    if (!hasLostNetwork(networkInterfaces())) return;
    clearInterval(timer);
    log.error(
      "the app's container has ended and its network with it, so this sidecar ends too; when the app runs again, " +
        'start the sidecar again: the engine does that by itself if the app is back at once',
    );
    process.kill(FIRST_PROCESS, 'SIGTERM');
  }, LOOK_EVERY_MS);
  timer.unref();
}

/** Whether loopback alone is left. */
export function hasLostNetwork(interfaces: ReturnType<typeof networkInterfaces>): boolean {
  return Object.values(interfaces).every((addresses = []) => addresses.every(({ internal }) => internal));
}

/** Elsewhere, as in a test, the first process is not this one's to end. */
function isInContainer(): boolean {
  return readFileSync(`/proc/${FIRST_PROCESS}/comm`, 'utf8').trim() === 's6-svscan';
}
