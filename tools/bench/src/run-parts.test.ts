import { expect, it } from 'vitest';
import type { Findings, Part } from './result.ts';
import { runParts } from './run-parts.ts';

const found: Findings = { tables: [], plots: [], goals: [] };
const part = (name: string, run: Part['run']): Part => ({ name, about: '', minutes: 3, run });

it('goes on after a part that failed, and tells of it', async () => {
  const parts = [
    part('first', async () => {
      throw new Error('no engine');
    }),
    part('second', async ({ say }) => {
      say('at work');
      return found;
    }),
  ];
  const said: string[] = [];
  const kept: string[] = [];
  const failed = await runParts(parts, { quick: false, say: (line) => said.push(line) }, async ({ name }) => {
    kept.push(name);
  });
  expect(failed.map(({ name }) => name)).toEqual(['first']);
  expect(kept).toEqual(['second']);
  expect(said).toEqual(['first, about 3 min', 'first failed: no engine', 'second, about 3 min', '  at work']);
});
