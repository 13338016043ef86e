import { expect, it } from 'vitest';
import type { Plot } from '../result.ts';
import { plotSvg } from './plot.ts';

const plot: Plot = {
  name: 'p',
  title: 'a < b & c',
  x: { label: 'servers', scale: 'log' },
  y: { label: 'ms', scale: 'linear' },
  lines: [
    {
      name: 'join',
      points: [
        [10, 1],
        [1000, 40],
      ],
    },
    {
      name: 'leave',
      points: [
        [0, 3],
        [100, Number.NaN],
        [1000, 20],
      ],
    },
  ],
};

it('draws every value that has a place, and none that has not', () => {
  const svg = plotSvg(plot);
  expect(svg.match(/<circle/g)).toHaveLength(3);
  expect(svg).not.toContain('NaN');
  expect(svg).toContain('a &lt; b &amp; c');
});

it('puts more to the right and higher', () => {
  const [first, second] = [...plotSvg(plot).matchAll(/<circle cx="([\d.]+)" cy="([\d.]+)"/g)].map(
    ([, x, y]) => [Number(x), Number(y)],
  );
  expect(second?.[0]).toBeGreaterThan(first?.[0] ?? 0);
  expect(second?.[1]).toBeLessThan(first?.[1] ?? 0);
});
