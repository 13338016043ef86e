import { cpus, release, totalmem } from 'node:os';
import { Stage } from '@rollcall/testkit';
import type { Machine } from './result.ts';

/** The machine and the engine that the benchmarks run on. */
export async function describeMachine(): Promise<Machine> {
  const stage = await Stage.open('bench-machine');
  const { Version } = await stage.docker.version();
  await stage.close();
  return {
    cores: cpus().length,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    kernel: release(),
    node: process.versions.node,
    engine: Version,
  };
}
