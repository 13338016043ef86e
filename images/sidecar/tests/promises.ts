import type { Promises } from '../../base/tests/promised.ts';

export default {
  atMostMb: 220,
  // Alone it has no app: its own agent is what listens.
  env: { ROLLCALL_PORT: '7946' },
  // On a busy machine one check may take too long; a second one in a row would be an error.
  expectedWarnings: /the app failed a check/,
} satisfies Promises;
