import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** Told by the package's name, as a bundle does not lie where its source does. */
export const WORKSPACE = join(
  dirname(createRequire(import.meta.url).resolve('@rollcall/bench/package.json')),
  '../..',
);
