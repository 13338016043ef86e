import fc from 'fast-check';
import { expect, it } from 'vitest';
import { DISTURBANCES, schedule, type Totals } from './schedule.ts';

const room = { initial: 3, least: 2, most: 5 };
const none = Object.fromEntries(DISTURBANCES.map((what) => [what, 0])) as Totals;

it('is the same for the same seed, and another for another', () => {
  const totals = { ...none, join: 8, stop: 8, kill: 3, reload: 2 };
  expect(schedule(totals, 60_000, room, 1)).toEqual(schedule(totals, 60_000, room, 1));
  expect(schedule(totals, 60_000, room, 1)).not.toEqual(schedule(totals, 60_000, room, 2));
});

it('keeps the totals, the time and the limits of the number of nodes', () => {
  const few = fc.integer({ min: 0, max: 12 });
  fc.assert(
    fc.property(few, few, few, fc.integer(), (pairs, kills, crashes, seed) => {
      const totals = { ...none, join: pairs, stop: pairs, kill: kills, 'crash app': crashes };
      const due = schedule(totals, 60_000, room, seed);
      let nodes = room.initial;
      let before = 0;
      for (const { what, at, draw } of due) {
        nodes += what === 'join' ? 1 : what === 'stop' ? -1 : 0;
        expect(nodes).toBeGreaterThanOrEqual(room.least);
        expect(nodes).toBeLessThanOrEqual(room.most);
        expect(at).toBeGreaterThanOrEqual(before);
        expect(at).toBeLessThan(60_000);
        expect(draw).toBeLessThan(1);
        before = at;
      }
      for (const what of DISTURBANCES) {
        expect(due.filter((each) => each.what === what)).toHaveLength(totals[what]);
      }
    }),
  );
});

it('refuses totals that cannot keep the number of nodes within its limits', () => {
  expect(() => schedule({ ...none, stop: 2 }, 60_000, room, 1)).toThrow(
    '0 joins and 2 stops do not fit together',
  );
  expect(() => schedule({ ...none, join: 3 }, 60_000, room, 1)).toThrow('never fewer than 2 nor more than 5');
});
