import { expect, it } from 'vitest';
import type { RequestRecord } from '../load/record.ts';
import { picture } from './picture.ts';
import { summarise } from './summary.ts';
import { table } from './table.ts';
import type { Window } from './window.ts';

const record = (id: number, rest: Partial<RequestRecord> = {}): RequestRecord => ({
  id,
  kind: 'get',
  sentAt: 10_000 + id * 100,
  endedAt: 10_050 + id * 100,
  outcome: 'right',
  ...rest,
});
const kill: Window = { what: 'kill', node: 's1', from: 10_110, struckBy: 10_140, until: 12_000 };
const stop: Window = { what: 'stop', node: 's2', from: 20_000, struckBy: 20_900, until: 20_900 };
const records = [
  record(0),
  record(1, { kind: 'post', outcome: 'lost', why: 'status 502' }),
  record(2),
  record(101, { kind: 'post' }),
];
const others = { lag: { p99: 2, max: 9 }, reloads: 0 };

it('counts by kind and by disturbance', () => {
  const summary = summarise(records, [kill, stop], others);
  expect(summary.kinds).toEqual([
    { kind: 'get', sent: 2, right: 2, repeated: 0, lost: 0 },
    { kind: 'post', sent: 2, right: 1, repeated: 0, lost: 1 },
  ]);
  expect(summary.disturbances).toEqual([
    { what: 'stop', count: 1, requests: 1, repeated: 0, lost: 0 },
    { what: 'kill', count: 1, requests: 2, repeated: 0, lost: 1 },
  ]);
});

it('tells a kept promise from a broken one, and which request broke it', () => {
  expect(table(summarise([record(0)], [], others))).toContain('Kept: all of 1 requests were answered right.');
  expect(table(summarise(records, [kill], others))).toContain(
    'Kept: of 4 requests only 1 were harmed, each in a kill.',
  );
  const broken = table(summarise(records, [{ ...kill, what: 'stop' }], others));
  expect(broken).toContain('BROKEN: 1 of 4 requests were harmed without an excuse.');
  expect(broken).toContain('#1 post, 50 ms, lost: status 502; during stop of s1; NO EXCUSE');
});

it('draws every disturbance and every bucket with harm', () => {
  const svg = picture(records, [kill, stop], 'a title');
  expect(svg).toContain('<title>kill s1</title>');
  expect(svg).toContain('<title>stop s2</title>');
  expect(svg.match(/harmed<\/title>/g)).toHaveLength(1);
  expect(svg).not.toMatch(/NaN|Infinity/);
  expect(picture([], [], 'nothing')).not.toMatch(/NaN|Infinity/);
});
