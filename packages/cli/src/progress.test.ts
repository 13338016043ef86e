import { expect, it } from 'vitest';
import type { Output } from './host.ts';
import { Progress } from './progress.ts';

function outputs(isTTY: boolean): { text: string[]; output: Output } {
  const text: string[] = [];
  return { text, output: { isTTY, columns: 40, write: (part) => text.push(part) } };
}

it('tells a log what is awaited once, and each thing done', () => {
  const { text, output } = outputs(false);
  const progress = new Progress(output);
  for (const what of ['s1', 's1', 's2']) progress.waiting(what);
  progress.done('s1', 'in rotation');
  progress.end();
  expect(text.map((line) => line.replace(/\d+\.\d s/, 'T s'))).toEqual([
    '  waiting for s1\n',
    '  waiting for s2\n',
    '  s1        in rotation  T s\n',
  ]);
});

it('has one line on a terminal that never wraps and is gone at the end', () => {
  const { text, output } = outputs(true);
  const progress = new Progress(output);
  progress.waiting(`s1 (${'it is starting, '.repeat(9)})`);
  progress.end();
  progress.end();
  expect(text).toHaveLength(2);
  expect(text[0]?.replace('\r\u001b[2K', '')).toHaveLength(39);
  expect(text[1]).toBe('\r\u001b[2K');
});
