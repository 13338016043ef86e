import { expect, it } from 'vitest';
import { drainedText, mostInFlight } from './drained.ts';

const ha = { node: 'ha', applied: true };
const ha2 = { node: 'ha2', applied: true };

it.each([
  ['nobody had it', [], {}, 's1 is drained; no balancer had it'],
  ['it was idle', [ha, ha2], {}, 's1 is out of rotation at ha, ha2; nothing was in flight'],
  [
    'requests ended',
    [{ ...ha, inFlight: 0 }],
    { ha: 1 },
    's1 is out of rotation at ha; 1 request was in flight when it began, all ended',
  ],
  [
    'its time was over',
    [{ ...ha, inFlight: 2 }],
    { ha: 3 },
    's1 is out of rotation at ha; 3 requests were in flight when it began, and when its time was over still 2 at ha: they go on as long as the app runs',
  ],
])('tells how a drain ended: %s', (_what, drain, most, text) => {
  expect(drainedText('s1', drain, new Map(Object.entries(most)))).toBe(text);
});

it('remembers the most that was in flight at each balancer', () => {
  const looks = [
    [{ ...ha, inFlight: 2 }, ha2],
    [
      { ...ha, inFlight: 1 },
      { ...ha2, inFlight: 4 },
    ],
    [],
  ];
  const most = looks.reduce(mostInFlight, new Map<string, number>());
  expect(Object.fromEntries(most)).toEqual({ ha: 2, ha2: 4 });
});
