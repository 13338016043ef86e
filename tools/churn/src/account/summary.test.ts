import { describe, expect, it } from 'vitest';
import { Ledger } from '../load/ledger.ts';
import type { RequestRecord } from '../load/record.ts';
import { markdown } from './markdown.ts';
import { picture } from './picture.ts';
import { isKept, type Observed, type Summary, summarise } from './summary.ts';
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
  record(3, { outcome: 'lost', why: 'status 503' }),
  record(15, { kind: 'sticky', repeated: 'ECONNRESET before an answer' }),
  record(101, { kind: 'post' }),
];

function summaryOf(own: readonly RequestRecord[], observed: Partial<Observed>): Summary {
  const nothing = { windows: [], failures: [], plainRuns: [], passages: [] };
  const rest = { balancers: 2, lag: { p99: 2, max: 9 }, reloads: 0 };
  return summarise(Ledger.of(own), { ...nothing, ...rest, ...observed });
}

it('counts by kind and by disturbance', () => {
  const summary = summaryOf(records, { windows: [kill, stop] });
  const nothing = { repeated: 0, lostIdempotent: 0, lostOther: 0 };
  expect(summary.kinds).toEqual([
    { ...nothing, kind: 'get', sent: 3, right: 2, lostIdempotent: 1 },
    { ...nothing, kind: 'sticky', sent: 1, right: 1, repeated: 1 },
    { ...nothing, kind: 'post', sent: 2, right: 1, lostOther: 1 },
  ]);
  expect(summary.disturbances).toEqual([
    { ...nothing, what: 'stop', count: 1, requests: 1 },
    { what: 'kill', count: 1, requests: 4, repeated: 1, lostIdempotent: 1, lostOther: 1 },
  ]);
});

it('counts what is excused for the kill that excuses it, and not for what went on meanwhile', () => {
  const join: Window = { ...kill, what: 'join' };
  const [joined, killed] = summaryOf(records, { windows: [join, kill] }).disturbances;
  expect(joined).toMatchObject({ what: 'join', lostIdempotent: 1, lostOther: 0 });
  expect(killed).toMatchObject({ what: 'kill', lostIdempotent: 1, lostOther: 1 });
});

describe('tells a kept promise from a broken one:', () => {
  const post = records.filter(({ kind }) => kind === 'post');

  it('nothing is harmed', () => {
    const summary = summaryOf([record(0)], {});
    expect(isKept(summary)).toBe(true);
    expect(table(summary)).toContain('Kept: all of 1 requests were answered right.');
  });

  it('a kill excuses what is', () => {
    const summary = summaryOf(post, { windows: [kill] });
    expect(isKept(summary)).toBe(true);
    expect(table(summary)).toContain('Kept: of 2 requests only 1 were harmed, each in a kill.');
  });

  it('only what came while no balancer was up', () => {
    const crash: Window = { ...kill, what: 'crash haproxy', node: 'ha1' };
    const windows = [crash, { ...crash, node: 'ha2' }];
    const lost = records.filter(({ outcome }) => outcome === 'lost');
    const summary = summaryOf(lost, { windows });
    expect(isKept(summary)).toBe(true);
    expect(table(summary)).toContain('each in a kill; 1 of them while all balancers were down.');
    expect(table(summaryOf(lost, { windows: [crash], balancers: 1 }))).toContain(
      'the only balancer was down.',
    );
    expect(isKept(summaryOf(lost, { windows: [crash] }))).toBe(false);
  });

  it('nothing excuses it, and it is told which request it was', () => {
    const summary = summaryOf(post, { windows: [{ ...kill, what: 'stop' }] });
    expect(isKept(summary)).toBe(false);
    expect(table(summary)).toContain('BROKEN: 1 of 2 requests were harmed without an excuse.');
    expect(table(summary)).toContain('#1 post, 50 ms, lost: status 502; during stop of s1; NO EXCUSE');
  });

  it('a reload that no template asked for', () => {
    const reload: Window = { ...stop, what: 'reload' };
    expect(isKept(summaryOf(records.slice(0, 1), { windows: [reload], reloads: 1 }))).toBe(true);
    const summary = summaryOf(records.slice(0, 1), { windows: [reload], reloads: 2 });
    expect(isKept(summary)).toBe(false);
    expect(table(summary)).toContain('HAProxy was reloaded 2 times for 1 changes of the template.');
  });

  it('a node that does not come', () => {
    const summary = summaryOf(records.slice(0, 1), { failures: [{ what: 'join', why: 'Waited 100 s' }] });
    expect(isKept(summary)).toBe(false);
    expect(table(summary)).toContain('BROKEN: join did not come to its end: Waited 100 s');
  });
});

it('writes the same figures as Markdown', () => {
  const text = markdown(summaryOf(records, { windows: [kill], plainRuns: [120, 140] }), 'a title');
  expect(text).toMatch(/^# a title\n\nBROKEN: 2 of 6 requests/);
  expect(text).toContain('| kind | sent | right | repeated | lost, idempotent | lost, other |');
  expect(text).toContain('| kill | 1 | 4 | 1 | 1 | 1 |');
  expect(text).toContain('| the same, the app in a plain container | 2 | 120 | 140 |');
  expect(text).toMatch(/```text\n#1 post, .*\n#3 get, .*NO EXCUSE\n/);
});

it('draws every disturbance and every bucket with harm', () => {
  const svg = picture(records, [kill, stop], 'a title');
  expect(svg).toContain('<title>kill s1</title>');
  expect(svg).toContain('<title>stop s2</title>');
  expect(svg.match(/harmed<\/title>/g)).toHaveLength(3);
  expect(svg).not.toMatch(/NaN|Infinity/);
  expect(picture([], [], 'nothing')).not.toMatch(/NaN|Infinity/);
});
