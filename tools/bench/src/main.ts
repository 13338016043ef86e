import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import yargs from 'yargs';
import { hideBin } from 'yargs/helpers';
import { describeMachine } from './machine.ts';
import { parts } from './parts.ts';
import { page } from './report/page.ts';
import { plotSvg } from './report/plot.ts';
import type { Result } from './result.ts';

const workspace = fileURLToPath(new URL('../../..', import.meta.url));

const names = parts.map(({ name }) => name);
const given = await yargs(hideBin(process.argv))
  .scriptName('bench')
  .usage(
    `$0 [part..]\n\nMeasures, and writes docs/benchmarks.md. Parts: ${names.join(', ')}; all when none is named.`,
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

const folder = join(workspace, given.quick ? '.rollcall/bench' : 'docs');
const results = join(folder, 'benchmarks');
await mkdir(results, { recursive: true });
const machine = await describeMachine();
for (const part of parts.filter(({ name }) => wanted.includes(name))) {
  console.error(`${part.name}:`);
  const findings = await part.run({ quick: given.quick, say: (line) => console.error(`  ${line}`) });
  const command = `npm run bench -- ${part.name}${given.quick ? ' --quick' : ''}`;
  const result: Result = { part: part.name, at: new Date().toISOString(), command, machine, ...findings };
  await writeFile(join(results, `${part.name}.json`), `${JSON.stringify(result, null, 2)}\n`);
  for (const plot of findings.plots) await writeFile(join(results, `${plot.name}.svg`), plotSvg(plot));
}
const about = new Map(parts.map((part) => [part.name, part.about]));
const file = join(folder, 'benchmarks.md');
await writeFile(file, page(await readResults(), about));
console.log(`Written: ${file}`);

/** The last results of all parts, in the parts' order. */
async function readResults(): Promise<Result[]> {
  const there = await readdir(results);
  const files = names.map((name) => `${name}.json`).filter((name) => there.includes(name));
  return await Promise.all(
    files.map(async (name) => JSON.parse(await readFile(join(results, name), 'utf8'))),
  );
}
