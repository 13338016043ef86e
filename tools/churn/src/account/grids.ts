import type { Spread } from './measures.ts';
import type { Stage } from './stages.ts';
import type { Summary } from './summary.ts';

/** Rows of cells under a head: words first, then numbers. */
export interface Grid {
  readonly head: readonly string[];
  readonly rows: readonly (readonly (string | number)[])[];
}

/** The figures of a run, for whatever shows them. */
export function gridsOf({ kinds, disturbances, measures, stages, reloads, lag }: Summary): Grid[] {
  const lost = ['repeated', 'lost, idempotent', 'lost, other'];
  return [
    {
      head: ['kind', 'sent', 'right', ...lost],
      rows: kinds.map((row) => [
        row.kind,
        row.sent,
        row.right,
        row.repeated,
        row.lostIdempotent,
        row.lostOther,
      ]),
    },
    {
      head: ['while', 'times', 'requests', ...lost],
      rows: disturbances.map((row) => [
        row.what,
        row.count,
        row.requests,
        row.repeated,
        row.lostIdempotent,
        row.lostOther,
      ]),
    },
    {
      head: ['from - to', 'count', 'median ms', 'p99 ms'],
      rows: [
        ['docker run - first answer', ...cells(measures.runToFirstAnswer)],
        ['the same, the app in a plain container', ...cells(measures.plainRunToFirstAnswer)],
        ['app ready - first request, its turn included', ...cells(stages.readyToFirstRequest)],
        ['app ready - first answer, its turn included', ...cells(measures.readyToFirstAnswer)],
        ['docker stop - last request', ...cells(measures.stopToLastRequest)],
        ['docker stop - end', ...cells(measures.stopToEnd)],
      ],
    },
    stageGrid('docker run - app ready', stages.untilReady),
    stageGrid('app ready - first answer', stages.sinceReady, [
      ['app ready - at work in every balancer', ...cells(stages.readyToAppliedByAll), ''],
    ]),
    {
      head: ['of the run', 'count'],
      rows: [
        ['reloads of HAProxy', reloads.count],
        ['changes of the template, each a reload', reloads.expected],
        ['requests sent late by, ms (p99)', lag.p99],
        ['requests sent late by, ms (most)', lag.max],
      ],
    },
  ];
}

function stageGrid(way: string, stages: readonly Stage[], more: Grid['rows'] = []): Grid {
  return {
    head: [`${way}, in parts`, 'count', 'median ms', 'p99 ms', 'share'],
    rows: [
      ...stages.map(({ what, took, share }) => [what, ...cells(took), `${Math.round(share * 100)} %`]),
      ...more,
    ],
  };
}

const cells = ({ count, median, p99 }: Spread) => [count, median, p99];
