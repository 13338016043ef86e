import { expect, it } from 'vitest';
import type { Stack } from './cpu-profile.ts';
import { profileTables } from './tables.ts';

const collecting = (us: number): Stack => ({
  frames: [{ functionName: '(garbage collector)', url: '', lineNumber: 0 }],
  us,
});
const planning = (us: number): Stack => ({
  frames: [{ functionName: 'plan', url: 'file:///opt/rollcall/role/index.js', lineNumber: 1 }],
  us,
});

it('shows the time of one, and functions without what is none', () => {
  const kinds = [{ name: '', times: 2, stacks: [collecting(4_000), planning(12_000), collecting(4_000)] }];
  const [where, functions] = profileTables({ title: 'Start', kinds, note: 'As it was.' });
  expect(where).toEqual({
    title: 'Start',
    columns: ['where', 'ms', 'share'],
    rows: [
      ['the role', 6, '60.0 %'],
      ['garbage collector', 4, '40.0 %'],
      ['all', 10, '100.0 %'],
    ],
    note: 'As it was.',
  });
  expect(functions?.rows).toEqual([['plan (the role)', 6, '60.0 %']]);
});

it('shows kinds side by side', () => {
  const kinds = [
    { name: 'join', times: 2, stacks: [planning(4_000)] },
    { name: 'leave', times: 1, stacks: [planning(10_000), collecting(6_000)] },
  ];
  const [where] = profileTables({ title: 'Change', kinds, note: '' });
  expect(where?.columns).toEqual(['where', 'join, ms', 'leave, ms', 'share']);
  expect(where?.rows).toEqual([
    ['the role', 2, 10, '70.0 %'],
    ['garbage collector', 0, 6, '30.0 %'],
    ['all', 2, 16, '100.0 %'],
  ]);
});
