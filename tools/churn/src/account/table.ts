import { type Grid, gridsOf } from './grids.ts';
import type { Summary } from './summary.ts';
import { slowTold, toldOf, verdictOf } from './verdict.ts';

/** The summary for a terminal. */
export function table(summary: Summary): string {
  return [
    ...gridsOf(summary).map(aligned),
    ...listed('Slowest joins:', slowTold(summary)),
    ...listed('Harmed:', toldOf(summary)),
    verdictOf(summary).join('\n'),
  ].join('\n\n');
}

function listed(title: string, lines: readonly string[]): string[] {
  return lines.length > 0 ? [[title, ...lines.map((line) => `  ${line}`)].join('\n')] : [];
}

function aligned({ head, rows }: Grid): string {
  const lines = [head, ...rows.map((row) => row.map(String))];
  const widths = head.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
  const text = (line: readonly string[]) =>
    line.map((cell, column) =>
      column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0),
    );
  return lines.map((line) => text(line).join('  ')).join('\n');
}
