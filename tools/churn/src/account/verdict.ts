import { KINDS } from '../load/record.ts';
import type { Summary } from './summary.ts';
import type { Window } from './window.ts';

/** Harmed requests are told one by one up to here: what is more shows no new pattern. */
const MOST_TOLD = 40;

/** Whether the promises were kept, in sentences. */
export function verdictOf(summary: Summary): string[] {
  const { kinds, harmed, broken, failures, reloads } = summary;
  const sent = kinds.reduce((sum, row) => sum + row.sent, 0);
  const problems = [
    ...(broken.length > 0
      ? [`BROKEN: ${broken.length} of ${sent} requests were harmed without an excuse.`]
      : []),
    ...(reloads.count > reloads.expected
      ? [
          `BROKEN: HAProxy was reloaded ${reloads.count} times for ${reloads.expected} changes of the template.`,
        ]
      : []),
    ...failures.map(({ what, why }) => `BROKEN: ${what} did not come to its end: ${why}`),
  ];
  if (problems.length > 0) return problems;
  return harmed.length > 0
    ? [`Kept: of ${sent} requests only ${harmed.length} were harmed, each in a kill${noneUp(summary)}.`]
    : [`Kept: all of ${sent} requests were answered right.`];
}

/** What is only excused as there was nobody to send it to. */
function noneUp({ balancers, harmed }: Summary): string {
  const count = harmed.filter(
    ({ record, excuse }) =>
      record.outcome === 'lost' && KINDS[record.kind].repeatable && excuse?.what === 'crash haproxy',
  ).length;
  if (count === 0) return '';
  return `; ${count} of them while ${balancers === 1 ? 'the only balancer was' : 'all balancers were'} down`;
}

/** What became of each harmed request, a line each. */
export function toldOf({ harmed }: Summary): string[] {
  const lines = harmed.slice(0, MOST_TOLD).map(({ record, during, excuse }) => {
    const what = record.outcome === 'lost' ? `lost: ${record.why}` : `repeated: ${record.repeated}`;
    const ms = record.endedAt - record.sentAt;
    return `#${record.id} ${record.kind}, ${ms} ms, ${what}; during ${named(during)}${excuse ? '' : '; NO EXCUSE'}`;
  });
  const more = harmed.length - lines.length;
  return more > 0 ? [...lines, `and ${more} more`] : lines;
}

/** The joins that were slowest to serve, a line each. */
export function slowTold({ slowestJoins }: Summary): string[] {
  return slowestJoins.map(
    ({ node, ms, beside }) => `${node}: ${ms} ms from app ready to first answer, beside ${named(beside)}`,
  );
}

function named(windows: readonly Window[]): string {
  return windows.map(({ what, node }) => `${what} of ${node}`).join(', ') || 'nothing';
}
