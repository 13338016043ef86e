import { setTimeout as delay } from 'node:timers/promises';

const everyMs = 50;

/** Asks again until `condition` holds; false when it still does not after `limitMs`. */
export async function until(condition: () => Promise<boolean> | boolean, limitMs: number): Promise<boolean> {
  const end = performance.now() + limitMs;
  for (;;) {
    if (await condition()) return true;
    if (performance.now() >= end) return false;
    await delay(everyMs);
  }
}
