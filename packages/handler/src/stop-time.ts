import type { Service } from '@rollcall/supervision';
import { HandlerError } from './errors.ts';

/** What `docker stop` waits by default is 10 s; the rest is for s6 itself. */
const MOST_MS = 9_600;

/**
 * Holds the services of an image to the time that `docker stop` gives by default. Services of one order stop
 * together, the orders one after the other.
 *
 * @throws HandlerError `STOP_TAKES_TOO_LONG`
 */
export function checkStopTime(services: readonly Service[]): void {
  const longest = new Map<number, number>();
  for (const service of services) {
    const order = service.stop?.order ?? 0;
    longest.set(order, Math.max(longest.get(order) ?? 0, limitOf(service)));
  }
  const total = [...longest.values()].reduce((sum, limit) => sum + limit, 0);
  if (total <= MOST_MS) return;
  throw new HandlerError(
    'STOP_TAKES_TOO_LONG',
    `the services may take ${total} ms to stop, but docker stop gives 10 s by default: lower stop.limitMs of the role's services so that all fit into ${MOST_MS} ms`,
  );
}

function limitOf({ stop }: Service): number {
  const limit = stop?.limitMs ?? 0;
  return typeof limit === 'number' ? limit : limit.defaultSeconds * 1000 + limit.extraMs;
}
