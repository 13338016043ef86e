import { type Grid, gridsOf } from './grids.ts';
import type { Summary } from './summary.ts';
import { slowTold, toldOf, verdictOf } from './verdict.ts';

/** The summary for documents. */
export function markdown(summary: Summary, title: string): string {
  const parts = [
    `# ${title}`,
    ...verdictOf(summary),
    ...gridsOf(summary).map(asMarkdown),
    ...quoted('Slowest joins:', slowTold(summary)),
    ...quoted('Harmed:', toldOf(summary)),
  ];
  return `${parts.join('\n\n')}\n`;
}

function quoted(title: string, lines: readonly string[]): string[] {
  return lines.length > 0 ? [[`${title}\n\n\`\`\`text`, ...lines, '```'].join('\n')] : [];
}

function asMarkdown({ head, rows }: Grid): string {
  const line = (cells: readonly (string | number)[]) => `| ${cells.join(' | ')} |`;
  const rule = head.map((_, column) => (column === 0 ? '---' : '---:'));
  return [head, rule, ...rows].map(line).join('\n');
}
