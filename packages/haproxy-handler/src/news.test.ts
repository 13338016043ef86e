import { expect, it } from 'vitest';
import { registered } from './examples.ts';
import { newsOf } from './news.ts';
import type { Roster } from './roster.ts';
import type { Registered } from './server.ts';

const news = (before: Registered[], after: Registered[], gone: Roster['gone'] = []) =>
  newsOf({ servers: before }, { servers: after, refused: [], gone }).map(
    ({ node, what, cause }) => `${node} ${what}: ${cause}`,
  );
const s1 = registered('s1');

it.each([
  ['comes', [], [s1], ['s1 ready: says that it is ready, at 10.0.0.1:3000']],
  ['is as before', [s1], [s1], []],
  [
    'is started anew',
    [s1],
    [registered('s1', { boot: 'b2' })],
    ['s1 ready: says that it is ready, started anew, at 10.0.0.1:3000'],
  ],
  ['drains', [s1], [registered('s1', { mode: 'maint', cause: 'is leaving' })], ['s1 draining: is leaving']],
  ['is back', [registered('s1', { mode: 'maint' })], [s1], ['s1 returned: says that it is ready']],
  [
    'is a suspect',
    [s1],
    [registered('s1', { suspectSince: 1, cause: 'is silent' })],
    ["s1 suspected: is silent; HAProxy's check decides"],
  ],
  ['is none any more', [registered('s1', { suspectSince: 1 })], [s1], ['s1 returned: says that it is ready']],
] as [string, Registered[], Registered[], string[]][])('a server %s', (_, before, after, expected) => {
  expect(news(before, after)).toEqual(expected);
});

it('tells who is gone, and why', () => {
  expect(news([s1], [], [{ name: 's1', cause: 'has left' }])).toEqual(['s1 gone: has left']);
});
