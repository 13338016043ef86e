import type { Axis, Plot } from '../result.ts';

const WIDTH = 760;
const HEIGHT = 360;
const LEFT = 70;
const RIGHT = 200;
const TOP = 40;
const BOTTOM = 50;
const COLOURS = ['#2f7d4f', '#355f9e', '#c07a1f', '#a03a6b', '#666666'];

/** A plot as SVG. Pure. Points whose value cannot stand on a logarithmic axis are left out. */
export function plotSvg({ title, x, y, lines }: Plot): string {
  const shown = lines.map((line) => ({
    ...line,
    points: line.points.filter(([px, py]) => fits(x, px) && fits(y, py)),
  }));
  const points = shown.flatMap((line) => line.points);
  const across = scale(
    x,
    points.map(([px]) => px),
    LEFT,
    WIDTH - RIGHT,
  );
  const up = scale(
    y,
    points.map(([, py]) => py),
    HEIGHT - BOTTOM,
    TOP,
  );
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${HEIGHT}" font-family="sans-serif" font-size="12">`,
    '<rect width="100%" height="100%" fill="#ffffff"/>',
    label(LEFT, 22, title, 'start', 14),
    ...across.ticks.flatMap((tick) => [
      rule(across.at(tick), TOP, across.at(tick), HEIGHT - BOTTOM),
      label(across.at(tick), HEIGHT - BOTTOM + 18, number(tick), 'middle'),
    ]),
    ...up.ticks.flatMap((tick) => [
      rule(LEFT, up.at(tick), WIDTH - RIGHT, up.at(tick)),
      label(LEFT - 8, up.at(tick) + 4, number(tick), 'end'),
    ]),
    label((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 12, x.label, 'middle'),
    label(LEFT - 8, TOP - 10, y.label, 'end'),
    ...shown.flatMap(({ name, points: own }, index) => {
      const colour = COLOURS[index % COLOURS.length] ?? '#000000';
      const places = own.map(([px, py]) => [across.at(px).toFixed(1), up.at(py).toFixed(1)] as const);
      return [
        `<polyline points="${places.join(' ')}" fill="none" stroke="${colour}" stroke-width="2"/>`,
        ...places.map(([cx, cy]) => `<circle cx="${cx}" cy="${cy}" r="3" fill="${colour}"/>`),
        `<rect x="${WIDTH - RIGHT + 14}" y="${TOP + index * 20}" width="10" height="10" fill="${colour}"/>`,
        label(WIDTH - RIGHT + 30, TOP + index * 20 + 9, name),
      ];
    }),
    '</svg>',
    '',
  ].join('\n');
}

const fits = (axis: Axis, value: number) => Number.isFinite(value) && (axis.scale === 'linear' || value > 0);

interface Scale {
  readonly ticks: readonly number[];
  at(value: number): number;
}

function scale(axis: Axis, values: readonly number[], from: number, to: number): Scale {
  const log = axis.scale === 'log';
  const ticks = log ? powersAround(values) : stepsAround(values);
  const place = log ? Math.log10 : (value: number) => value;
  const [first = 0, last = 1] = [ticks[0], ticks.at(-1)];
  const span = place(last) - place(first) || 1;
  return { ticks, at: (value) => from + ((place(value) - place(first)) / span) * (to - from) };
}

function powersAround(values: readonly number[]): number[] {
  const [least, most] = values.length > 0 ? [Math.min(...values), Math.max(...values)] : [1, 10];
  const [low, high] = [Math.floor(Math.log10(least)), Math.ceil(Math.log10(most))];
  return Array.from({ length: Math.max(1, high - low) + 1 }, (_, index) => 10 ** (low + index));
}

/** From zero, by a step of 1, 2 or 5 times a power of ten. */
function stepsAround(values: readonly number[]): number[] {
  const most = Math.max(...values, 1);
  const power = 10 ** Math.floor(Math.log10(most));
  const step = [0.2, 0.5, 1, 2].map((factor) => factor * power).find((each) => most / each <= 6) ?? power;
  return Array.from({ length: Math.ceil(most / step) + 1 }, (_, index) => index * step);
}

const number = (value: number) => String(Number(value.toPrecision(6)));

const rule = (x1: number, y1: number, x2: number, y2: number) =>
  `<line x1="${x1.toFixed(1)}" y1="${y1.toFixed(1)}" x2="${x2.toFixed(1)}" y2="${y2.toFixed(1)}" stroke="#dddddd"/>`;

function label(x: number, y: number, text: string, anchor = 'start', size = 12): string {
  const safe = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  return `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" text-anchor="${anchor}" font-size="${size}" fill="#333333">${safe}</text>`;
}
