import * as v from 'valibot';
import { defineQuery } from './query.ts';

const InFlight = v.pipe(v.number(), v.integer(), v.minValue(0));
const Leaver = v.object({ node: v.string(), boot: v.string() });

/**
 * "Give `node` no more requests." A balancer answers at once, when it has done so: `applied`, and how many requests it
 * still has in flight there.
 */
export const drainQuery = defineQuery({
  name: 'drain',
  ask: Leaver,
  answer: v.object({ applied: v.boolean(), inFlight: InFlight }),
});

/**
 * "Tell me when you have nothing in flight at `node`." A balancer answers as soon as that is so, over all its HAProxy
 * processes; or shortly before the query's deadline with `idle: false` and what is still in flight.
 */
export const idleQuery = defineQuery({
  name: 'idle',
  ask: Leaver,
  answer: v.object({ idle: v.boolean(), inFlight: InFlight }),
});
