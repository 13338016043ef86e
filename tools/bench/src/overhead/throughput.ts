import { Cluster, type Stage, until } from '@rollcall/testkit';
import type { Table } from '../result.ts';
import { median, rounded, spread } from '../statistics.ts';

/** HAProxy with what it takes to share requests between two servers, and nothing else. */
const MINIMAL = `global
  fd-hard-limit 50000
defaults
  mode http
  timeout connect 5s
  timeout client 1m
  timeout server 1m
frontend clients
  bind *:80
  default_backend web
backend web
  balance roundrobin
  server s1 s1:3000 check
  server s2 s2:3000 check
`;

export interface Throughput {
  readonly name: string;
  /** Per round. */
  readonly requestsPerSecond: readonly number[];
  readonly medianMs: readonly number[];
  readonly p99Ms: readonly number[];
}

/** Requests through our HAProxy and through a minimal one, in turn, to the same two apps. */
export async function measureThroughput(rounds: number, seconds: number): Promise<Throughput[]> {
  const cluster = await Cluster.open('bench-overhead');
  try {
    const { stage, network } = cluster;
    const ha = await cluster.balancer();
    await Promise.all(['s1', 's2'].map((name) => cluster.web(name)));
    await until('both nodes up', async () => {
      const servers = await ha.stats();
      return ['s1', 's2'].every((name) =>
        servers.some((each) => each.server === name && each.status === 'UP'),
      );
    });
    await stage.run({
      image: 'rollcall/haproxy',
      cmd: ['haproxy', '-f', '/etc/minimal.cfg'],
      files: { '/etc/minimal.cfg': MINIMAL },
      network,
      aliases: ['minimal'],
    });
    const wrk = await startWrk(stage, network);
    const contenders = [
      { name: 'a minimal configuration', host: 'minimal' },
      { name: "Rollcall's", host: 'ha' },
    ];
    const found = contenders.map(({ name, host }) => ({ name, host, answers: [] as WrkAnswer[] }));
    // Not counted: connections are made, code gets warm.
    for (const { host } of found) await wrk(host, 1);
    for (let round = 0; round < rounds; round += 1) {
      for (const { host, answers } of found) answers.push(await wrk(host, seconds));
    }
    return found.map(({ name, answers }) => ({
      name,
      requestsPerSecond: answers.map((answer) => answer.requestsPerSecond),
      medianMs: answers.map((answer) => answer.medianMs),
      p99Ms: answers.map((answer) => answer.p99Ms),
    }));
  } finally {
    await cluster.close();
  }
}

interface WrkAnswer {
  readonly requestsPerSecond: number;
  readonly medianMs: number;
  readonly p99Ms: number;
}

/** @returns puts a host under load for some seconds */
async function startWrk(
  stage: Stage,
  network: string,
): Promise<(host: string, seconds: number) => Promise<WrkAnswer>> {
  const image = await stage.image(
    'wrk',
    'FROM rollcall/os\nRUN apt-get update && apt-get install --yes wrk\n',
  );
  const container = await stage.run({ image, network, cmd: ['sleep', 'infinity'] });
  return async (host, seconds) => {
    // With the port: the image has no list of services.
    const load = ['-t1', '-c16', `-d${seconds}s`, '--timeout', '60s'];
    const argv = ['wrk', ...load, '--latency', `http://${host}:80/`];
    const { exitCode, stdout, stderr } = await container.exec(argv);
    if (exitCode !== 0) throw new Error(`wrk ended with ${exitCode}: ${stdout}${stderr}`);
    return readWrk(stdout);
  };
}

/** What `wrk --latency` prints. */
export function readWrk(text: string): WrkAnswer {
  const failed = /Socket errors.*|Non-2xx.*/.exec(text);
  if (failed) throw new Error(`wrk met errors: ${failed[0]}`);
  const [, rate] = /Requests\/sec:\s+([\d.]+)/.exec(text) ?? [];
  return {
    requestsPerSecond: Number(rate),
    medianMs: milliseconds(/^\s+50%\s+(\S+)$/m.exec(text)?.[1]),
    p99Ms: milliseconds(/^\s+99%\s+(\S+)$/m.exec(text)?.[1]),
  };
}

const UNITS_MS = new Map([
  ['us', 0.001],
  ['ms', 1],
  ['s', 1_000],
  ['m', 60_000],
]);

function milliseconds(text = ''): number {
  const [, value, unit = ''] = /^([\d.]+)(us|ms|s|m)$/.exec(text) ?? [];
  const factor = UNITS_MS.get(unit);
  if (factor === undefined) throw new Error(`wrk printed ${JSON.stringify(text)} as a time`);
  return Number(value) * factor;
}

export function throughputTable(all: readonly Throughput[]): Table {
  const [base] = all;
  if (!base) throw new RangeError('nothing was measured');
  const reference = median(base.requestsPerSecond);
  return {
    title: 'Requests through the balancer',
    columns: ['HAProxy with', 'requests/s', 'least', 'most', 'of the first', 'median, ms', 'p99, ms'],
    rows: all.map(({ name, requestsPerSecond, medianMs, p99Ms }) => {
      const rate = spread(requestsPerSecond);
      return [
        name,
        rounded(rate.median),
        rounded(rate.least),
        rounded(rate.most),
        `${((100 * rate.median) / reference).toFixed(1)} %`,
        rounded(median(medianMs)),
        rounded(median(p99Ms)),
      ];
    }),
    note: `Medians of ${base.requestsPerSecond.length} rounds, taken in turn: wrk, one thread, 16 kept connections, the demo app on two nodes; all on the same cores.`,
  };
}
