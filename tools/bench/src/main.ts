import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import yargs from 'yargs';
import { hideBin } from 'yargs/helpers';
import { describeMachine } from './machine.ts';
import { parts } from './parts.ts';
import { WORKSPACE } from './places.ts';
import { page } from './report/page.ts';
import { plotSvg } from './report/plot.ts';
import type { Findings, Part, Result } from './result.ts';
import { runParts } from './run-parts.ts';

const names = parts.map(({ name }) => name);
const given = await yargs(hideBin(process.argv))
  .scriptName('bench')
  .usage(
    `$0 [part..]\n\nMeasures, and writes docs/benchmarks.md. Parts: ${names.join(', ')}; all when none is named, which takes about ${minutesOf(parts)} minutes.`,
  )
  .options({
    quick: {
      type: 'boolean',
      default: false,
      describe: 'only see that it runs: small numbers, written to .rollcall/bench',
    },
  })
  .strictOptions()
  .check(({ _: wanted }) => {
    const strange = wanted.map(String).filter((name) => !names.includes(name));
    if (strange.length > 0)
      throw new Error(`There is no part ${strange.join(', ')}: there are ${names.join(', ')}`);
    return true;
  })
  .version(false)
  .parse();
const wanted = given._.length > 0 ? given._.map(String) : names;
const chosen = parts.filter(({ name }) => wanted.includes(name));

const folder = join(WORKSPACE, given.quick ? '.rollcall/bench' : 'docs');
const results = join(folder, 'benchmarks');
await mkdir(results, { recursive: true });
const machine = await describeMachine();
const from = performance.now();
const say = (line: string) => {
  console.error(`${String(Math.round((performance.now() - from) / 1_000)).padStart(4)} s  ${line}`);
};
if (!given.quick) say(`about ${minutesOf(chosen)} min in all`);
const failed = await runParts(chosen, { quick: given.quick, say }, keep);
const about = new Map(parts.map((part) => [part.name, part.about]));
const file = join(folder, 'benchmarks.md');
await writeFile(file, page(await readResults(), about));
console.log(`Written: ${file}`);
if (failed.length > 0) {
  console.error(`Failed, and not measured anew: ${failed.map(({ name }) => name).join(', ')}`);
  process.exitCode = 1;
}

async function keep({ name }: Part, findings: Findings): Promise<void> {
  const command = `npm run bench -- ${name}${given.quick ? ' --quick' : ''}`;
  const result: Result = { part: name, at: new Date().toISOString(), command, machine, ...findings };
  await writeFile(join(results, `${name}.json`), `${JSON.stringify(result, null, 2)}\n`);
  for (const plot of findings.plots) await writeFile(join(results, `${plot.name}.svg`), plotSvg(plot));
}

function minutesOf(some: readonly Part[]): number {
  return some.reduce((sum, { minutes }) => sum + minutes, 0);
}

/** The last results of all parts, in the parts' order. */
async function readResults(): Promise<Result[]> {
  const there = await readdir(results);
  const files = names.map((name) => `${name}.json`).filter((name) => there.includes(name));
  return await Promise.all(
    files.map(async (name) => JSON.parse(await readFile(join(results, name), 'utf8'))),
  );
}
