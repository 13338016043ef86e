import { describe, expect, it } from 'vitest';
import { type CpuProfile, stacksOf, sumBy } from './cpu-profile.ts';

const frame = (functionName: string) => ({ functionName, url: '', lineNumber: 0 });

// main calls work; the samples are taken at 1010, 1020, 1040 and 1050 µs.
const profile: CpuProfile = {
  nodes: [
    { id: 1, callFrame: frame('(root)'), children: [2, 4] },
    { id: 2, callFrame: frame('main'), children: [3] },
    { id: 3, callFrame: frame('work') },
    { id: 4, callFrame: frame('(idle)') },
  ],
  startTime: 1_000,
  samples: [2, 3, 4, 3],
  timeDeltas: [10, 10, 20, 10],
};

const named = (spans: { from: number; to: number }[]) =>
  stacksOf(profile, spans).map(({ frames, us }) => [
    frames.map(({ functionName }) => functionName).join(' < '),
    us,
  ]);

describe('the stacks of a profile', () => {
  it('last from their sample to the next one', () => {
    expect(named([{ from: 0, to: 2_000 }])).toEqual([
      ['main < (root)', 10],
      ['work < main < (root)', 20],
      ['(idle) < (root)', 10],
    ]);
  });

  it('count only as far as they lie within the spans', () => {
    expect(
      named([
        { from: 0, to: 1_015 },
        { from: 1_030, to: 1_045 },
      ]),
    ).toEqual([
      ['main < (root)', 5],
      ['work < main < (root)', 10],
      ['(idle) < (root)', 5],
    ]);
  });

  it('are none outside of the profile', () => {
    expect(named([{ from: 0, to: 1_000 }])).toEqual([]);
  });

  it('take no time from a clock of samples that goes back', () => {
    const back = { ...profile, timeDeltas: [10, 10, -5, 10] };
    expect(stacksOf(back, [{ from: 0, to: 2_000 }]).map(({ us }) => us)).toEqual([10, 10]);
  });
});

it('sums stacks by name, the longest first, and leaves out what has none', () => {
  const stacks = stacksOf(profile, [{ from: 0, to: 2_000 }]);
  const inMain = sumBy(
    stacks,
    (frames) => frames.find(({ functionName }) => functionName === 'main')?.functionName,
  );
  expect(inMain).toEqual([{ name: 'main', us: 30 }]);
  expect(sumBy(stacks, ([inner]) => inner?.functionName).map(({ name }) => name)).toEqual([
    'work',
    'main',
    '(idle)',
  ]);
});
