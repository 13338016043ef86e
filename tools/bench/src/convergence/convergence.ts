import { type Findings, type Goal, goalWithReason, type Part, type Table } from '../result.ts';
import { rounded, spread } from '../statistics.ts';
import { haproxyDns } from './haproxy-dns.ts';
import { type Measures, measure } from './measures.ts';
import { naive } from './naive.ts';
import { makeRoomForNeighbours } from './neighbours.ts';
import { nginxDns } from './nginx-dns.ts';
import { rollcall } from './rollcall.ts';
import { type CourseOptions, runCourse } from './round.ts';

const CONTENDERS = [rollcall, haproxyDns, nginxDns, naive];
const FULL: CourseOptions[] = [
  { nodes: 2, rounds: 4, rate: 200, settleMs: 2_500 },
  { nodes: 20, rounds: 3, rate: 200, settleMs: 2_500 },
  { nodes: 60, rounds: 3, rate: 200, settleMs: 2_500 },
];
const QUICK: CourseOptions[] = [{ nodes: 2, rounds: 1, rate: 100, settleMs: 1_000 }];

interface Found {
  readonly contender: string;
  readonly options: CourseOptions;
  readonly measures: Measures;
}

/** How soon a balancer follows, beside others' ways. */
export const convergence: Part = {
  name: 'convergence',
  about:
    'Nodes join, are stopped and are killed one after the other under load (requests over kept and fresh connections). ' +
    'All ways have the same app, load and machine; what is counted is what clients see.',
  minutes: 13,
  run: async ({ quick, say }) => {
    const courses = quick ? QUICK : FULL;
    const found: Found[] = [];
    const setBack = await makeRoomForNeighbours(Math.max(...courses.map(({ nodes }) => nodes)));
    try {
      for (const options of courses) {
        for (const contender of CONTENDERS) {
          say(`${contender.name}, ${options.nodes} nodes, ${options.rounds} rounds`);
          const measures = measure(await runCourse(contender, options));
          found.push({ contender: contender.name, options, measures });
        }
      }
    } finally {
      await setBack();
    }
    return findings(found);
  },
};

const TIMES = [
  ['run - first answer', 'runToFirst'],
  ['ready - first answer', 'readyToFirst'],
  ['stop - last request', 'stopToLast'],
  ['stop - exit', 'stopToExit'],
  ['kill - last harm', 'killToCalm'],
] as const;

function findings(found: readonly Found[]): Findings {
  const sizes = [...new Set(found.map(({ options }) => options.nodes))];
  return {
    tables: sizes.map((nodes) => tableOf(found.filter(({ options }) => options.nodes === nodes))),
    plots: [
      {
        name: 'convergence',
        title: 'From docker run to the first answer through the balancer (median)',
        x: { label: 'nodes', scale: 'linear' },
        y: { label: 'ms', scale: 'linear' },
        lines: CONTENDERS.map(({ name }) => ({
          name,
          points: found
            .filter(({ contender, measures }) => contender === name && measures.runToFirst.length > 0)
            .map(({ options, measures }) => [options.nodes, spread(measures.runToFirst).median] as const),
        })),
      },
    ],
    goals: found.flatMap(goalsOf),
  };
}

function tableOf(found: readonly Found[]): Table {
  const options = found[0]?.options;
  return {
    title: `${options?.nodes} nodes`,
    columns: ['', ...TIMES.flatMap(([label]) => [`${label}, ms`, 'p99']), 'lost or repeated', 'of'],
    rows: found.map(({ contender, measures }) => [
      contender,
      ...TIMES.flatMap(([, key]): (string | number)[] => {
        const values = measures[key];
        if (values.length === 0) return ['never', ''];
        const { median, p99 } = spread(values);
        return [rounded(median), rounded(p99)];
      }),
      Object.entries(measures.harmed)
        .map(([what, count]) => `${count} in ${what}s`)
        .join(', '),
      measures.sent,
    ]),
    note: `${options?.rounds} joins, stops and kills each, ${options?.rate} requests/s. The wait for a new node's turn among the others is in its first answer.`,
  };
}

function goalsOf({ contender, options, measures }: Found): Goal[] {
  if (contender !== rollcall.name || measures.readyToFirst.length === 0) return [];
  const { median, p99 } = spread(measures.readyToFirst);
  return [
    goalWithReason(
      {
        what: `app ready to first answer, ${options.nodes} nodes`,
        goal: 'at most 100 ms, p99 300 ms',
        measured: `${rounded(median)} ms, p99 ${rounded(p99)} ms`,
        isMet: median <= 100 && p99 <= 300,
      },
      "Serf passes news on in rounds of 200 ms, and among many nodes a new one's turn comes later",
    ),
  ];
}
