import { expect, it } from 'vitest';
import { ClaimChronicle } from './claim-chronicle.ts';

const refusal = (...nodes: string[]) => [
  { service: 'shop', route: '/', reason: 'is held by web, which claimed it first', heldBy: 'web', nodes },
];
const told = (chronicle: ClaimChronicle, nodes: string[], now: number) =>
  chronicle
    .read(nodes.length > 0 ? refusal(...nodes) : [], now)
    .map(({ nodes, isNew }) => ({ nodes, isNew }));

it('a claim that stays refused is told once, and to each node that comes', () => {
  const chronicle = new ClaimChronicle();
  expect(told(chronicle, ['s1'], 0)).toEqual([]);
  expect(told(chronicle, ['s1'], 3_000)).toEqual([{ nodes: ['s1'], isNew: true }]);
  expect(told(chronicle, ['s1'], 4_000)).toEqual([]);
  expect(told(chronicle, ['s1', 's2'], 5_000)).toEqual([{ nodes: ['s2'], isNew: false }]);
});

it('one that is refused again is told again', () => {
  const chronicle = new ClaimChronicle();
  told(chronicle, ['s1'], 0);
  told(chronicle, ['s1'], 3_000);
  told(chronicle, [], 4_000);
  expect(told(chronicle, ['s1'], 5_000)).toEqual([]);
  expect(told(chronicle, ['s1'], 8_000)).toEqual([{ nodes: ['s1'], isNew: true }]);
});
