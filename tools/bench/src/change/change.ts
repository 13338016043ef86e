import { Stage } from '@rollcall/testkit';
import { type Findings, type Goal, goalWithReason, type Part, type PartOptions } from '../result.ts';
import { MIB, rounded, spread } from '../statistics.ts';
import { drive } from './drive.ts';
import type { ChangeReport, DriverOrder, DriverReport, SizeReport } from './protocol.ts';

const FULL: DriverOrder = { sizes: [10, 100, 1_000, 10_000], rounds: 20, burst: 1_000 };
const QUICK: DriverOrder = { sizes: [2, 10], rounds: 2, burst: 20 };

/** What one change of the members costs a balancer, by the number of its servers. */
export const change: Part = {
  name: 'change',
  about:
    "From a new list of members to HAProxy having it: the balancer's role and HAProxy as they are in the image, with " +
    'members that are made up instead of told by Serf. Every server is checked once a second meanwhile.',
  minutes: 3,
  run: async ({ quick, say }: PartOptions) => {
    const order = quick ? QUICK : FULL;
    say(`changes at ${order.sizes.join(', ')} servers, ${order.rounds} of each kind`);
    const stage = await Stage.open('bench-change');
    try {
      const { report } = await drive(stage, order);
      return findings(report);
    } finally {
      await stage.close();
    }
  },
};

function findings({ sizes, burst }: DriverReport): Findings {
  const kinds: ChangeReport['what'][] = ['join', 'drain', 'leave'];
  const of = ({ changes }: SizeReport, what: ChangeReport['what']) =>
    changes.filter((each) => each.what === what);
  const ms = (size: SizeReport, what: ChangeReport['what']) => spread(of(size, what).map((each) => each.ms));
  return {
    tables: [
      {
        title: 'One change',
        columns: ['servers', ...kinds.flatMap((kind) => [`${kind}, ms`, 'p99', 'CPU, ms'])],
        rows: sizes.map((size) => [
          size.servers,
          ...kinds.flatMap((kind) => {
            const { median, p99 } = ms(size, kind);
            const cpu = spread(of(size, kind).map((each) => each.cpuMs));
            return [rounded(median), rounded(p99), rounded(cpu.median)];
          }),
        ]),
        note: "CPU is the handler's process alone. A `leave` follows a `drain`, as it does in a cluster.",
      },
      {
        title: 'Memory and the file, by the number of servers',
        columns: ['servers', 'handler, MiB', 'HAProxy, MiB', 'text of haproxy.cfg, ms', 'p99'],
        rows: sizes.map(({ servers, handlerBytes, haproxyBytes, renderMs }) => {
          const render = spread(renderMs);
          return [
            servers,
            Math.round(handlerBytes / MIB),
            Math.round(haproxyBytes / MIB),
            rounded(render.median),
            rounded(render.p99),
          ];
        }),
        note: 'Resident memory after the changes. The text is made off the hot path.',
      },
      {
        title: 'Many at once',
        columns: ['joins in one view', 'all applied, ms', 'reloads'],
        rows: [[burst.joins, rounded(burst.ms), burst.reloads]],
      },
    ],
    plots: [
      {
        name: 'change',
        title: 'One change, by the number of servers',
        x: { label: 'servers', scale: 'log' },
        y: { label: 'ms', scale: 'log' },
        lines: kinds.map((name) => ({
          name,
          points: sizes.map((size) => [size.servers, ms(size, name).median] as const),
        })),
      },
    ],
    goals: [
      ...sizes.flatMap((size) => goalAt(size, ms(size, 'join').median)),
      ...(burst.joins < FULL.burst
        ? []
        : [
            goalWithReason(
              {
                what: `${burst.joins} joins at once`,
                goal: 'under 2 s, no reload',
                measured: `${rounded(burst.ms / 1_000)} s, ${burst.reloads} reloads`,
                isMet: burst.ms < 2_000 && burst.reloads === 0,
              },
              "HAProxy is told of each server by itself, over a connection of its master's socket",
            ),
          ]),
    ],
  };
}

const GOALS_MS = new Map([
  [1_000, 5],
  [10_000, 20],
]);

function goalAt({ servers, renderMs }: SizeReport, joinMs: number): Goal[] {
  const goal = GOALS_MS.get(servers);
  if (goal === undefined) return [];
  const render = spread(renderMs).median;
  const file = goalWithReason(
    {
      what: `text of haproxy.cfg with ${servers} servers`,
      goal: 'under 300 ms',
      measured: `${rounded(render)} ms`,
      isMet: render < 300,
    },
    'the template is run once for each server, and each value in it is escaped',
  );
  return [
    goalWithReason(
      {
        what: `one join at ${servers} servers, applied`,
        goal: `under ${goal} ms`,
        measured: `${rounded(joinMs)} ms`,
        isMet: joinMs < goal,
      },
      'each look asks HAProxy for all of its servers and compares them all, so it takes the longer the more there are',
    ),
    ...(servers === 10_000 ? [file] : []),
  ];
}
