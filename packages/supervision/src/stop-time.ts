import { SupervisionError } from './errors.ts';
import type { Service } from './service.ts';

const DEFAULT_STOP_ORDER = 2;
export const DEFAULT_STOP_LIMIT_MS = 3000;

/** Docker's default before it kills a container is 10 s; half a second is for s6 itself and the last log lines. */
const MOST_MS = 9500;

/**
 * Services by their stop order, ascending: those of one order stop together, the orders one after the other. Without
 * those that are last.
 */
export function stopOrders(services: readonly Service[]): Service[][] {
  const orders = new Map<number, Service[]>();
  for (const service of services) {
    const order = service.stop?.order ?? DEFAULT_STOP_ORDER;
    if (order === 'last') continue;
    orders.set(order, [...(orders.get(order) ?? []), service]);
  }
  return [...orders].sort(([a], [b]) => a - b).map(([, together]) => together);
}

/**
 * Holds services to the time that `docker stop` gives by default. A limit from a variable counts with its default:
 * who sets the variable gives the container the time.
 *
 * @throws SupervisionError `STOP_TOO_LONG`
 */
export function checkStopTime(services: readonly Service[]): void {
  const slowest = stopOrders(services).map(
    (together) => together.toSorted((a, b) => limitOf(b) - limitOf(a))[0],
  );
  const parts = slowest.filter((service) => service !== undefined);
  const total = parts.reduce((sum, service) => sum + limitOf(service), 0);
  if (total <= MOST_MS) return;
  const sum = parts.map((service) => `${service.name} ${limitOf(service)} ms`).join(' + ');
  throw new SupervisionError(
    'STOP_TOO_LONG',
    `The services may take ${total} ms to stop (${sum}), ${MOST_MS} ms fit into the 10 s of docker stop`,
  );
}

function limitOf({ stop }: Service): number {
  const limit = stop?.limitMs ?? DEFAULT_STOP_LIMIT_MS;
  return typeof limit === 'number' ? limit : limit.defaultSeconds * 1000 + limit.extraMs;
}
