import { beforeEach, expect, it } from 'vitest';
import { Chronicle } from './chronicle.ts';
import { actual, registered } from './examples.ts';
import type { ActualServer } from './plan.ts';
import type { Picture } from './reconciler.ts';
import { LEAST_SECTIONS } from './sections.ts';
import type { Registered } from './server.ts';

let chronicle: Chronicle;
beforeEach(() => {
  chronicle = new Chronicle();
});

const noRouting = { routes: new Map(), granted: new Map(), refused: [] };
const nothing = { fingerprint: undefined, sections: LEAST_SECTIONS, routes: undefined, oldWorkers: [] };
const picture = (servers: Registered[], present: ActualServer[], worker = 1): Picture => ({
  roster: { servers, refused: [] },
  routing: noRouting,
  actual: { worker, ...nothing, servers: present },
});
const read = (seen: Picture, now = 0) => chronicle.read(seen, now).map(({ node, what }) => `${node} ${what}`);
const s1 = registered('s1');

it('tells a first request once', () => {
  chronicle.applied(s1, 0);
  expect(read(picture([s1], [actual('s1')]))).toEqual([]);
  expect(read(picture([s1], [actual('s1', { requests: 1 })]))).toEqual(['s1 first-request']);
  expect(read(picture([s1], [actual('s1', { requests: 2 })]))).toEqual([]);
});

it('does not take requests of before for it', () => {
  read(picture([s1], [actual('s1', { requests: 5 })]));
  chronicle.applied(s1, 0);
  expect(read(picture([s1], [actual('s1', { requests: 5 })]))).toEqual([]);
  expect(read(picture([s1], [actual('s1', { requests: 6 })]))).toEqual(['s1 first-request']);
});

it('counts anew with another process of HAProxy', () => {
  read(picture([s1], [actual('s1', { requests: 5 })]));
  chronicle.applied(s1, 0);
  expect(read(picture([s1], [actual('s1')], 2))).toEqual([]);
  expect(read(picture([s1], [actual('s1', { requests: 1 })], 2))).toEqual(['s1 first-request']);
});

it('looks out closely for a while', () => {
  expect(chronicle.isCurious(0)).toBe(false);
  chronicle.applied(s1, 0);
  expect(chronicle.isCurious(2_999)).toBe(true);
  expect(chronicle.isCurious(3_000)).toBe(false);
});

it('tells once that a server is drained, and again after it was back', () => {
  const maint = registered('s1', { mode: 'maint' });
  expect(read(picture([maint], [actual('s1', { mode: 'maint', inFlight: 1 })]))).toEqual([]);
  expect(read(picture([maint], [actual('s1', { mode: 'maint' })]))).toEqual(['s1 drained']);
  expect(read(picture([maint], [actual('s1', { mode: 'maint' })]))).toEqual([]);
  read(picture([s1], [actual('s1')]));
  expect(read(picture([maint], [actual('s1', { mode: 'maint' })]))).toEqual(['s1 drained']);
});

it('tells a refusal once, and only one that stays', () => {
  const refused = {
    roster: { servers: [], refused: [{ name: 's1', reason: 'x' }] },
    routing: noRouting,
    actual: undefined,
  };
  expect(read(refused, 0)).toEqual([]);
  expect(read(refused, 3_000)).toEqual(['s1 refused']);
  expect(read(refused, 9_000)).toEqual([]);
  expect(read(picture([], []), 10_000)).toEqual([]);
  expect(read(refused, 11_000)).toEqual([]);
});
