import { type Goal, goalWithReason, type Part } from '../result.ts';
import { MIB, median, rounded } from '../statistics.ts';
import { type Footprint, footprintTable, measureFootprint } from './footprint.ts';
import { measureThroughput, type Throughput, throughputTable } from './throughput.ts';

const FULL = { rounds: 7, seconds: 5, containers: 10, restSeconds: 20 };
const QUICK = { rounds: 1, seconds: 1, containers: 1, restSeconds: 1 };

/** What the cluster costs a request and a node. */
export const overhead: Part = {
  name: 'overhead',
  about: 'What being in a cluster costs: a request on its way, and a node that is there.',
  minutes: 6,
  run: async ({ quick, say }) => {
    const { rounds, seconds, containers, restSeconds } = quick ? QUICK : FULL;
    say(`requests through two HAProxys in turn, ${rounds} rounds of ${seconds} s`);
    const throughput = await measureThroughput(rounds, seconds);
    say(`${containers} web nodes and as many plain containers`);
    const footprint = await measureFootprint(containers, restSeconds);
    return {
      tables: [throughputTable(throughput), footprintTable(footprint)],
      plots: [],
      goals: [...throughputGoals(throughput), ...footprintGoals(footprint)],
    };
  },
};

function throughputGoals([minimal, ours]: readonly Throughput[]): Goal[] {
  if (!minimal || !ours) return [];
  const share = median(ours.requestsPerSecond) / median(minimal.requestsPerSecond);
  return [
    goalWithReason(
      {
        what: 'requests/s beside a minimal configuration',
        goal: 'at least 97 %',
        measured: `${(100 * share).toFixed(1)} %`,
        isMet: share >= 0.97,
      },
      'each request is kept until it is answered, to be sent again, and is counted by server',
    ),
  ];
}

function footprintGoals([plain, node]: readonly Footprint[]): Goal[] {
  if (!plain || !node) return [];
  const moreMib = (median(node.memoryBytes) - median(plain.memoryBytes)) / MIB;
  const morePercent = 100 * (median(node.cpuShare) - median(plain.cpuShare));
  const moreMs = median(node.startMs) - median(plain.startMs);
  return [
    atMost(
      'memory of a web node beyond its app',
      90,
      moreMib,
      'MiB',
      'the handler is a Node process of its own',
    ),
    atMost(
      'CPU of a web node at rest beyond its app',
      1,
      morePercent,
      '% of a core',
      'Serf probes another node each second, the handler checks the app as often, and each health check is a process that the engine starts',
    ),
    atMost(
      'start of a web node beyond its app',
      300,
      moreMs,
      'ms',
      'the handler, a Node process, prepares the node before any other service starts, and Node alone takes half of its time to start',
    ),
  ];
}

function atMost(what: string, limit: number, value: number, unit: string, ifMissed: string): Goal {
  return goalWithReason(
    { what, goal: `under ${limit} ${unit}`, measured: `${rounded(value)} ${unit}`, isMet: value < limit },
    ifMissed,
  );
}
