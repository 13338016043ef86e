import { type Findings, goalWithReason, type Part } from '../result.ts';
import { MIB, rounded, spread } from '../statistics.ts';
import { GrowingCluster, type Step, type StepOptions } from './growing-cluster.ts';
import { mayGrow } from './machine-load.ts';

interface Plan {
  /** How many agents there are, step by step. */
  readonly sizes: readonly number[];
  readonly step: StepOptions;
}

const FULL: Plan = { sizes: [25, 50, 100, 200, 400], step: { restSeconds: 15, seconds: 30, lanes: 4 } };
const QUICK: Plan = { sizes: [5, 10], step: { restSeconds: 1, seconds: 1, lanes: 2 } };

/** One cluster with as many members as the machine carries. */
export const gossip: Part = {
  name: 'gossip',
  about:
    'Real Serf agents, many to a container, each a node with a server of its own, in one cluster with one balancer. It ' +
    'grows until the next step would be more than the machine carries. HAProxy checks every server once a second.',
  minutes: 5,
  run: async ({ quick, say }) => {
    const { sizes, step: options } = quick ? QUICK : FULL;
    const cluster = await GrowingCluster.open();
    try {
      const steps: Step[] = [];
      for (const agents of sizes) {
        const last = steps.at(-1);
        if (last && !quick && !mayGrow(last.machine, agents / last.agents)) {
          say(`${agents} agents would be more than this machine carries`);
          break;
        }
        say(`${agents} agents`);
        steps.push(await cluster.step(agents, options));
      }
      return findings(steps, options);
    } finally {
      await cluster.close();
    }
  },
};

function findings(steps: readonly Step[], { lanes }: StepOptions): Findings {
  const changes = ({ churn }: Step) => churn.joinMs.length + churn.leaveMs.length + churn.missed;
  const missed = steps.reduce((sum, { churn }) => sum + churn.missed, 0);
  const percent = (share: number) => rounded(100 * share);
  const most = steps.at(-1)?.agents;
  return {
    tables: [
      {
        title: 'Many that come at once',
        columns: ['agents', 'of which new', 'all in HAProxy, s', 'everybody known to all, s'],
        rows: steps.map(({ agents, fresh, inBalancerMs, everywhereMs }) => [
          agents,
          fresh,
          rounded(inBalancerMs / 1_000),
          rounded(everywhereMs / 1_000),
        ]),
        note: 'From the start of the processes of the new ones, which has the cores busy for itself.',
      },
      {
        title: 'Single changes among them',
        columns: [
          'agents',
          'changes',
          'missed',
          'start - in HAProxy, ms',
          'p99',
          'leave - off the roster, ms',
          'p99',
        ],
        rows: steps.map((step) => [
          step.agents,
          changes(step),
          step.churn.missed,
          ...middleAndTail(step.churn.joinMs),
          ...middleAndTail(step.churn.leaveMs),
        ]),
        note: `${lanes} agents at a time leave and come again, and the others stay. Of an agent that leaves, the balancer is told when the agent has told others.`,
      },
      {
        title: "The balancer's container",
        columns: [
          'agents',
          'CPU at rest, %',
          'under churn, %',
          'memory at rest, MiB',
          'under churn, MiB',
          'machine at rest, %',
        ],
        rows: steps.map(({ agents, atRest, underChurn, machine }) => [
          agents,
          percent(atRest.cpuShare),
          percent(underChurn.cpuShare),
          rounded(atRest.memoryBytes / MIB),
          rounded(underChurn.memoryBytes / MIB),
          percent(machine.cpu),
        ]),
        note: 'HAProxy, Serf, the handler and s6 together, in percent of one core; the machine, which has all the agents, in percent of all its cores.',
      },
    ],
    plots: [
      {
        name: 'gossip',
        title: "CPU of the balancer's container, by the number of agents",
        x: { label: 'agents', scale: 'linear' },
        y: { label: '% of a core', scale: 'linear' },
        lines: [
          {
            name: 'at rest',
            points: steps.map(({ agents, atRest }) => [agents, 100 * atRest.cpuShare] as const),
          },
          {
            name: 'under churn',
            points: steps.map(({ agents, underChurn }) => [agents, 100 * underChurn.cpuShare] as const),
          },
        ],
      },
    ],
    goals: [
      goalWithReason(
        {
          what: `changes missed by the balancer among up to ${most} agents`,
          goal: '0',
          measured: `${missed} of ${steps.reduce((sum, step) => sum + changes(step), 0)}`,
          isMet: missed === 0,
        },
        'not known: the log of the balancer is to be read',
      ),
    ],
  };
}

function middleAndTail(ms: readonly number[]): (string | number)[] {
  if (ms.length === 0) return ['never', ''];
  const { median, p99 } = spread(ms);
  return [rounded(median), rounded(p99)];
}
