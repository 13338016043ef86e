import { type Grid, gridsOf } from './grids.ts';
import type { Summary } from './summary.ts';
import { toldOf, verdictOf } from './verdict.ts';

/** The summary for documents. */
export function markdown(summary: Summary, title: string): string {
  const told = toldOf(summary);
  const parts = [
    `# ${title}`,
    ...verdictOf(summary),
    ...gridsOf(summary).map(asMarkdown),
    ...(told.length > 0 ? [['Harmed:\n\n```text', ...told, '```'].join('\n')] : []),
  ];
  return `${parts.join('\n\n')}\n`;
}

function asMarkdown({ head, rows }: Grid): string {
  const line = (cells: readonly (string | number)[]) => `| ${cells.join(' | ')} |`;
  const rule = head.map((_, column) => (column === 0 ? '---' : '---:'));
  return [head, rule, ...rows].map(line).join('\n');
}
