import { expect, it } from 'vitest';
import { table } from '../src/account/table.ts';
import { run } from '../src/run.ts';

it('loses nothing while nodes come and go, processes crash and the template changes', async () => {
  const { summary } = await run({
    durationMs: 40_000,
    // All kinds at any moment, and no strain for two cores that have other tests to run.
    rate: 40,
    seed: 1,
    balancers: 2,
    totals: {
      join: 3,
      stop: 3,
      kill: 1,
      'crash app': 1,
      'crash node handler': 1,
      'crash node serf': 1,
      'crash balancer handler': 1,
      'crash balancer serf': 1,
      'crash haproxy': 1,
      reload: 1,
    },
  });

  console.log(table(summary));
  expect(summary.broken).toEqual([]);
  expect(summary.failures).toEqual([]);
  // For the template, unless HAProxy crashed just then and started with it; never for a node.
  expect(summary.reloads.count).toBeLessThanOrEqual(summary.reloads.expected);
});
