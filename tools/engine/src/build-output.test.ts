import { describe, expect, test } from 'vitest';
import { BuildOutput } from './build-output.ts';

function linesOf(buildKit: boolean, streams: string[]): string[] {
  const output = new BuildOutput(() => {}, { buildKit });
  for (const stream of streams) output.add({ stream });
  output.add({ aux: {} });
  output.end();
  return output.lines;
}

const printed = (bytes: string | Buffer) => `${Buffer.from(bytes).toString('base64')}\n`;

describe("a build's output", () => {
  test('by BuildKit tells each step once and what it prints line by line', () => {
    const [begin, end] = [Buffer.from('ü').subarray(0, 1), Buffer.from('ü\n').subarray(1)];
    const step = '[sha256:0123456789ab] [2/3] RUN ls\n';
    expect(
      linesOf(true, [step, step, printed('one\ntw'), printed('o\n'), printed(begin), printed(end)]),
    ).toEqual(['=> [2/3] RUN ls', 'one', 'two', 'ü']);
  });

  test('by the classic builder is put together from parts, without colours', () => {
    expect(linesOf(false, ['Step 1/2 : FROM a', '\n', '\u001b[91mwarn', 'ing\n\u001b[0m', 'done'])).toEqual([
      'Step 1/2 : FROM a',
      'warning',
      'done',
    ]);
  });

  test('shows progress on one line as a terminal would in the end', () => {
    expect(linesOf(true, [printed('5%\r50%\r'), printed('100%\r\n')])).toEqual(['100%']);
  });
});
