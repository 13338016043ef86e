import type { Promises } from '../../base/tests/promised.ts';

export default {
  services: ['static'],
  // On a busy machine one check may take too long; a second one in a row would be an error.
  expectedWarnings: /the app failed a check/,
} satisfies Promises;
