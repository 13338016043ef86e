import type { RequestRecord } from '../load/record.ts';
import { DISTURBANCES } from '../schedule.ts';
import { quantile } from './quantile.ts';
import type { Window } from './window.ts';

const WIDTH = 1_200;
const LEFT = 190;
const RIGHT = 20;
const TOP = 40;
const PANEL = 140;
const GAP = 36;
const LANE = 18;
/** Points per picture: more would not be seen. */
const BUCKETS = 200;

interface Bucket {
  right: number;
  harmed: number;
  /** Times of short requests, in ms. */
  times: number[];
}

/** A run over time as SVG: answers per second, how long short ones took, and what happened meanwhile. */
export function picture(records: Iterable<RequestRecord>, windows: readonly Window[], title: string): string {
  const { from, to } = spanOf(records);
  const x = (time: number) => LEFT + ((time - from) / (to - from)) * (WIDTH - LEFT - RIGHT);
  const buckets = bucketsOf(records, from, to);
  const seconds = (to - from) / 1_000 / BUCKETS;
  const bucketX = (index: number) => x(from + ((index + 0.5) * (to - from)) / BUCKETS);

  const rates = buckets.map(({ right }) => right / seconds);
  const harmed = buckets.map((bucket) => bucket.harmed);
  const medians = buckets.map(({ times }) => quantile(times, 0.5) ?? 0);
  const tails = buckets.map(({ times }) => quantile(times, 0.99) ?? 0);
  const lanes = DISTURBANCES.filter((what) => windows.some((window) => window.what === what));
  const [rateTop, timeTop, laneTop] = [TOP, TOP + PANEL + GAP, TOP + 2 * (PANEL + GAP)];
  const height = laneTop + lanes.length * LANE + 30;

  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" font-family="sans-serif" font-size="12">`,
    '<rect width="100%" height="100%" fill="#ffffff"/>',
    text(LEFT, 20, title),
    ...line('answered right / s', rates, rateTop, bucketX, '#2f7d4f'),
    ...harmed.flatMap((count, index) =>
      count === 0 ? [] : [mark(bucketX(index), rateTop + PANEL, `${count} harmed`)],
    ),
    ...line('p99, short requests, ms', tails, timeTop, bucketX, '#c07a1f'),
    polyline(medians, Math.max(...tails, 1), timeTop, bucketX, '#355f9e'),
    text(LEFT + 4, timeTop - 6, 'blue: median'),
    ...lanes.flatMap((what, index) => {
      const y = laneTop + index * LANE;
      const bars = windows.filter((window) => window.what === what);
      return [
        text(LEFT - 8, y + 12, what, 'end'),
        ...bars.map((window) => {
          const width = Math.max(2, x(window.until) - x(window.from)).toFixed(1);
          const start = x(window.from).toFixed(1);
          return `<rect x="${start}" y="${y + 2}" width="${width}" height="${LANE - 5}" fill="#888" fill-opacity="0.7"><title>${what} ${window.node}</title></rect>`;
        }),
      ];
    }),
    text(LEFT, height - 8, '0 s'),
    text(WIDTH - RIGHT, height - 8, `${Math.round((to - from) / 1_000)} s`, 'end'),
    '</svg>',
  ].join('\n');
}

/** From the first request to the end of the last. */
function spanOf(records: Iterable<RequestRecord>): { from: number; to: number } {
  let [from, to] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const { sentAt, endedAt } of records) {
    from = Math.min(from, sentAt);
    to = Math.max(to, endedAt);
  }
  return from < to ? { from, to } : { from: 0, to: 1 };
}

function bucketsOf(records: Iterable<RequestRecord>, from: number, to: number): Bucket[] {
  const buckets = Array.from({ length: BUCKETS }, (): Bucket => ({ right: 0, harmed: 0, times: [] }));
  for (const { kind, sentAt, endedAt, outcome, repeated } of records) {
    const bucket = buckets[Math.min(BUCKETS - 1, Math.floor(((endedAt - from) / (to - from)) * BUCKETS))];
    if (bucket === undefined) continue;
    if (outcome === 'right') bucket.right += 1;
    if (outcome === 'lost' || repeated !== undefined) bucket.harmed += 1;
    if (kind === 'get' || kind === 'get-fresh') bucket.times.push(endedAt - sentAt);
  }
  return buckets;
}

function line(
  label: string,
  values: readonly number[],
  top: number,
  x: (index: number) => number,
  colour: string,
): string[] {
  const most = Math.max(...values, 1);
  return [
    `<rect x="${LEFT}" y="${top}" width="${WIDTH - LEFT - RIGHT}" height="${PANEL}" fill="none" stroke="#ddd"/>`,
    text(LEFT - 8, top + 12, String(Math.round(most)), 'end'),
    text(LEFT - 8, top + PANEL, '0', 'end'),
    text(LEFT - 8, top + PANEL / 2, label, 'end'),
    polyline(values, most, top, x, colour),
  ];
}

function polyline(
  values: readonly number[],
  most: number,
  top: number,
  x: (index: number) => number,
  colour: string,
): string {
  const points = values.map((value, index) => {
    const y = top + PANEL - (value / most) * PANEL;
    return `${x(index).toFixed(1)},${y.toFixed(1)}`;
  });
  return `<polyline points="${points.join(' ')}" fill="none" stroke="${colour}" stroke-width="1.5"/>`;
}

const mark = (x: number, y: number, label: string) =>
  `<circle cx="${x.toFixed(1)}" cy="${y}" r="4" fill="#c0262d"><title>${label}</title></circle>`;

function text(x: number, y: number, content: string, anchor: 'start' | 'end' = 'start'): string {
  return `<text x="${x}" y="${y}" text-anchor="${anchor}" fill="#333">${content}</text>`;
}
