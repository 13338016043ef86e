import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** Told by the package's name, as a bundle does not lie where its source does. */
export const TOOL = dirname(createRequire(import.meta.url).resolve('@rollcall/lab/package.json'));
export const WORKSPACE = join(TOOL, '../..');
export const REPORT_FOLDER = join(WORKSPACE, 'docs/lab');
