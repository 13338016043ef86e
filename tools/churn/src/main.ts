import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import yargs from 'yargs';
import { hideBin } from 'yargs/helpers';
import { markdown } from './account/markdown.ts';
import { picture } from './account/picture.ts';
import { isKept } from './account/summary.ts';
import { table } from './account/table.ts';
import { type Run, run } from './run.ts';
import type { Totals } from './schedule.ts';

const RESULTS = fileURLToPath(new URL('../../../.rollcall/churn', import.meta.url));

const options = await yargs(hideBin(process.argv))
  .scriptName('churn')
  .usage('$0\n\nLoads a cluster of its own while its members come and go, and accounts for every request.')
  .options({
    minutes: { type: 'number', default: 2, describe: 'how long' },
    rate: { type: 'number', default: 300, describe: 'requests per second' },
    seed: { type: 'number', default: 1, describe: 'the same seed gives the same schedule' },
    balancers: {
      type: 'number',
      default: 2,
      describe: 'how many there are; the clients know all',
    },
    joins: { type: 'number', default: 8, describe: 'nodes that come' },
    stops: { type: 'number', default: 8, describe: 'nodes that are stopped' },
    kills: { type: 'number', default: 3, describe: 'containers killed with -9, and replaced' },
    crashes: { type: 'number', default: 1, describe: 'times that each of the processes is killed with -9' },
    reloads: { type: 'number', default: 1, describe: 'times that the template changes' },
  })
  .strict()
  .version(false)
  .parse();

const { minutes, rate, seed, balancers } = options;
const startedAt = new Date();
const result = await run({
  durationMs: minutes * 60_000,
  rate,
  seed,
  balancers,
  totals: totalsOf(options),
  onDue: ({ what, at }) => console.error(`${Math.round(at / 1_000)} s: ${what}`),
});
const folder = await save(result);
console.log(`\n${table(result.summary)}\n\nWritten to ${folder}`);
process.exitCode = isKept(result.summary) ? 0 : 1;

function totalsOf(given: {
  joins: number;
  stops: number;
  kills: number;
  crashes: number;
  reloads: number;
}): Totals {
  const { joins, stops, kills, crashes, reloads } = given;
  return {
    join: joins,
    stop: stops,
    kill: kills,
    'crash app': crashes,
    'crash node handler': crashes,
    'crash node serf': crashes,
    'crash balancer handler': crashes,
    'crash balancer serf': crashes,
    'crash haproxy': crashes,
    reload: reloads,
  };
}

/** @returns the folder of `result.json`, `result.md`, `picture.svg` and `logs` */
async function save({ ledger, windows, summary, logs }: Run): Promise<string> {
  const folder = join(RESULTS, startedAt.toISOString().replace(/[:.]/g, '-'));
  await mkdir(join(folder, 'logs'), { recursive: true });
  const title = `${minutes} min, ${rate} requests/s, balancers: ${balancers}, seed ${seed}`;
  await writeFile(join(folder, 'picture.svg'), picture(ledger, windows, title));
  await writeFile(join(folder, 'result.md'), markdown(summary, title));
  for (const [node, text] of logs) await writeFile(join(folder, 'logs', `${node}.log`), text);
  const { harmed, broken, ...counts } = summary;
  const result = {
    options: { minutes, rate, seed, balancers },
    ...counts,
    harmed,
    broken: broken.length,
    windows,
  };
  await writeFile(join(folder, 'result.json'), `${JSON.stringify(result, null, 2)}\n`);
  return folder;
}
