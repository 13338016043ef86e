import { relative } from 'node:path';
import { lab } from './lab.ts';
import { REPORT_FOLDER, WORKSPACE } from './places.ts';

const from = performance.now();
const say = (line: string) => {
  console.error(`${String(Math.round((performance.now() - from) / 1_000)).padStart(4)} s  ${line}`);
};

try {
  await lab(REPORT_FOLDER, say);
  console.log(`\nEverything held. The report: ${relative(WORKSPACE, REPORT_FOLDER)}/README.md`);
} catch (error) {
  console.error(error instanceof Error ? `\n${error.message}` : error);
  process.exitCode = 1;
}
