import { describe, expect, it } from 'vitest';
import { type HeldSpell, msLeft, spellOf } from './hold.ts';
import type { ServiceStatus } from './status.ts';

const HOLD_MS = 1000;
const heldSince = (since: number): ServiceStatus => ({
  name: 'app',
  up: false,
  ready: false,
  held: true,
  since,
});

/** A service that is held again `after` ms each time that it was let go. */
function spells(count: number, after: (spell: HeldSpell) => number): number[] {
  let since = 0;
  let spell: HeldSpell | undefined;
  return Array.from({ length: count }, () => {
    spell = spellOf(heldSince(since), spell, HOLD_MS);
    if (!spell) return 0;
    const releasedAt = since + spell.forMs;
    since = releasedAt + after(spell);
    spell = { ...spell, releasedAt };
    return spell.forMs;
  });
}

describe('a held service', () => {
  it('is held twice as long when it is soon held again, up to eight times', () => {
    expect(spells(6, () => 10)).toEqual([1000, 2000, 4000, 8000, 8000, 8000]);
  });

  it('is held as at first once it has been free for long', () => {
    expect(spells(3, (spell) => 2 * spell.forMs)).toEqual([1000, 1000, 1000]);
  });

  it('stays in its spell however often it is looked at', () => {
    const spell = spellOf(heldSince(5), undefined, HOLD_MS);
    expect(spellOf(heldSince(5), spell, HOLD_MS)).toBe(spell);
  });

  it('keeps its last spell in mind while it is up', () => {
    const spell = spellOf(heldSince(5), undefined, HOLD_MS);
    expect(spellOf({ ...heldSince(9), up: true, held: false }, spell, HOLD_MS)).toBe(spell);
  });

  it('is let go when its time is over, whatever the clock did meanwhile', () => {
    const spell = { heldAt: 5000, forMs: 1000 };
    expect([5000, 5400, 6000, 9000, 4999].map((now) => msLeft(spell, now))).toEqual([1000, 600, 0, 0, 0]);
  });
});
