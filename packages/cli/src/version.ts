import { createRequire } from 'node:module';

/** This package's version. Asked for by the package's name, as a bundle lies elsewhere than its sources. */
export const version: string = createRequire(import.meta.url)('@rollcall/cli/package.json').version;
