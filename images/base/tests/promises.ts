import type { Promises } from './promised.ts';

export default { atMostMb: 220, services: ['handler', 'serf'] } satisfies Promises;
