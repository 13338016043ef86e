import type { Stage, TestContainer } from '@rollcall/testkit';

export interface Usage {
  /** Since the container's start. */
  readonly cpuMs: number;
  /** Without the file cache that could be dropped, as `docker stats` shows it. */
  readonly memoryBytes: number;
}

/** What the engine counts for a running container. */
export async function usageOf(stage: Stage, { id }: TestContainer): Promise<Usage> {
  const { cpu_stats, memory_stats } = await stage.docker.getContainer(id).stats({ stream: false });
  const { inactive_file = 0, total_inactive_file = 0 } = memory_stats.stats;
  return {
    cpuMs: cpu_stats.cpu_usage.total_usage / 1_000_000,
    memoryBytes: memory_stats.usage - (inactive_file || total_inactive_file),
  };
}
