import { setTimeout as pause } from 'node:timers/promises';
import { Cluster, type Stage, type TestContainer, until } from '@rollcall/testkit';
import type { Table } from '../result.ts';
import { MIB, median, rounded, spread } from '../statistics.ts';
import { usageOf } from '../usage.ts';

const APP = ['node', '/opt/rollcall/demo/server.js'];
const PORT = 3_000;

export interface Footprint {
  readonly name: string;
  /** From `docker run` to the app's first answer on its own port, in ms. */
  readonly startMs: readonly number[];
  /** What the engine counts for a container, in bytes: without files that could be dropped. */
  readonly memoryBytes: readonly number[];
  /** Of one core, while there are no requests. */
  readonly cpuShare: readonly number[];
}

/** The demo app in a web node, and the same app by itself in a container of the same image, without a health check. */
export async function measureFootprint(rounds: number, restSeconds: number): Promise<Footprint[]> {
  const cluster = await Cluster.open('bench-footprint');
  try {
    const ha = await cluster.balancer();
    const kinds = [
      {
        name: 'plain container',
        options: { cmd: APP, healthCheck: 'never' } as const,
        found: emptyFootprint(),
      },
      { name: 'web node', options: {}, found: emptyFootprint() },
    ];
    for (let round = 0; round < rounds; round += 1) {
      const started = [];
      for (const { name, options, found } of kinds) {
        const at = performance.now();
        const { container } = await cluster.web(`${name.replace(' ', '-')}-${round}`, options);
        await until('an answer of the app', () => answers(container), { everyMs: 2 });
        found.startMs.push(performance.now() - at);
        started.push({ container, found });
      }
      await until('the web node in rotation', async () =>
        (await ha.stats()).some(({ status }) => status === 'UP'),
      );
      await Promise.all(
        started.map(async ({ container, found }) => {
          const { cpuShare, memoryBytes } = await atRest(cluster.stage, container, restSeconds);
          found.cpuShare.push(cpuShare);
          found.memoryBytes.push(memoryBytes);
          await container.stop();
        }),
      );
    }
    return kinds.map(({ name, found }) => ({ name, ...found }));
  } finally {
    await cluster.close();
  }
}

const emptyFootprint = () => ({
  startMs: [] as number[],
  memoryBytes: [] as number[],
  cpuShare: [] as number[],
});

async function answers(container: TestContainer): Promise<boolean> {
  return (await fetch(`http://${container.address}:${PORT}/`)).ok;
}

async function atRest(
  stage: Stage,
  container: TestContainer,
  seconds: number,
): Promise<{ cpuShare: number; memoryBytes: number }> {
  const [before, at] = [await usageOf(stage, container), performance.now()];
  await pause(seconds * 1_000);
  const after = await usageOf(stage, container);
  const ms = performance.now() - at;
  return { cpuShare: (after.cpuMs - before.cpuMs) / ms, memoryBytes: after.memoryBytes };
}

export function footprintTable(all: readonly Footprint[]): Table {
  return {
    title: 'A web node beside the same app in a plain container',
    columns: ['', 'docker run - answer, ms', 'p99', 'memory, MiB', 'CPU at rest, % of a core'],
    rows: all.map(({ name, startMs, memoryBytes, cpuShare }) => {
      const start = spread(startMs);
      return [
        name,
        rounded(start.median),
        rounded(start.p99),
        rounded(median(memoryBytes) / MIB),
        rounded(100 * median(cpuShare)),
      ];
    }),
    note: `Medians of ${all[0]?.startMs.length ?? 0} containers of each kind, started in turn. The answer is the app's own, on its port. CPU is what runs in the container: its health check too, but not the engine's work of starting that.`,
  };
}
