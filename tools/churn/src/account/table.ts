import type { Harmed } from './judge.ts';
import type { Spread } from './measures.ts';
import type { Summary } from './summary.ts';

/** Harmed requests are told one by one up to here: what is more shows no new pattern. */
const MOST_TOLD = 40;

/** The summary for people. */
export function table(summary: Summary): string {
  const { measures, lag, reloads } = summary;
  return [
    grid(['kind', 'sent', 'right', 'repeated', 'lost'], summary.kinds.map(Object.values)),
    grid(['while', 'times', 'requests', 'repeated', 'lost'], summary.disturbances.map(Object.values)),
    grid(
      ['from - to', 'count', 'median ms', 'p99 ms'],
      [
        ['docker run - first answer', ...cells(measures.runToFirstAnswer)],
        ['app ready - first answer', ...cells(measures.readyToFirstAnswer)],
        ['docker stop - last request', ...cells(measures.stopToLastRequest)],
        ['docker stop - end', ...cells(measures.stopToEnd)],
      ],
    ),
    `Reloads of HAProxy: ${reloads}. Requests were sent late by ${lag.p99} ms (p99), ${lag.max} ms (most).`,
    ...told(summary.harmed),
    verdict(summary),
  ].join('\n\n');
}

function verdict({ kinds, harmed, broken }: Summary): string {
  const sent = kinds.reduce((sum, row) => sum + row.sent, 0);
  if (broken.length > 0) return `BROKEN: ${broken.length} of ${sent} requests were harmed without an excuse.`;
  if (harmed.length > 0)
    return `Kept: of ${sent} requests only ${harmed.length} were harmed, each in a kill.`;
  return `Kept: all of ${sent} requests were answered right.`;
}

function told(harmed: readonly Harmed[]): string[] {
  if (harmed.length === 0) return [];
  const lines = harmed.slice(0, MOST_TOLD).map(({ record, during, excuse }) => {
    const what = record.outcome === 'lost' ? `lost: ${record.why}` : `repeated: ${record.repeated}`;
    const met = during.map((window) => `${window.what} of ${window.node}`).join(', ') || 'nothing';
    const ms = record.endedAt - record.sentAt;
    return `  #${record.id} ${record.kind}, ${ms} ms, ${what}; during ${met}${excuse ? '' : '; NO EXCUSE'}`;
  });
  const more = harmed.length - lines.length;
  return [['Harmed:', ...lines, ...(more > 0 ? [`  and ${more} more`] : [])].join('\n')];
}

const cells = ({ count, median, p99 }: Spread) => [count, median, p99];

function grid(head: readonly string[], rows: readonly (readonly unknown[])[]): string {
  const lines = [head, ...rows.map((row) => row.map(String))];
  const widths = head.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
  const text = (line: readonly string[]) =>
    line.map((cell, column) =>
      column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0),
    );
  return lines.map((line) => text(line).join('  ')).join('\n');
}
