import { Stage } from '@rollcall/testkit';
import { drive } from '../change/drive.ts';
import { stacksOf } from './cpu-profile.ts';
import { PROFILER_FLAGS, readProfile } from './profiler.ts';
import type { Kind } from './tables.ts';

/** Profiles the balancer's role during changes, each from the new view to HAProxy having applied it. */
export async function profileChanges(servers: number, rounds: number): Promise<Kind[]> {
  const stage = await Stage.open('bench-profile-change');
  try {
    const { report, container } = await drive(stage, { sizes: [servers], rounds, burst: 0 }, PROFILER_FLAGS);
    const profile = await readProfile(container);
    const changes = report.sizes.flatMap((size) => size.changes);
    return (['join', 'drain', 'leave'] as const).map((name) => {
      const spans = changes
        .filter(({ what }) => what === name)
        .map(({ fromUs, ms }) => ({ from: fromUs, to: fromUs + ms * 1_000 }));
      return { name, times: spans.length, stacks: stacksOf(profile, spans) };
    });
  } finally {
    await stage.close();
  }
}
