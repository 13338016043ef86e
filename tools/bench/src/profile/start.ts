import { Cluster, type ClusterNode, type Stage, type TestContainer, until } from '@rollcall/testkit';
import { type Span, type Stack, stacksOf } from './cpu-profile.ts';
import { PROFILER_FLAGS, readProfile } from './profiler.ts';
import type { Kind } from './tables.ts';
import { BEFORE } from './where.ts';

const RUN_SCRIPT = '/opt/rollcall/scandir/handler/run';
const NODE = '/usr/bin/node ';
const PORT = 3_000;
/** From the clock of profiles to the time of day. */
const CLOCKS_APART_MS = 'Date.now() - Number(process.hrtime.bigint()) / 1e6';

/** Profiles the handler in web nodes that start one after the other, from s6 starting it until it says that it has started. */
export async function profileStarts(count: number): Promise<Kind> {
  const cluster = await Cluster.open('bench-profile-start');
  try {
    const script = await runScript(cluster.stage);
    const stacks: Stack[] = [];
    for (let index = 0; index < count; index += 1) {
      const node = await cluster.web(`s${index}`, {
        files: { [RUN_SCRIPT]: { content: script, mode: 0o755 } },
        healthCheck: 'never',
      });
      await until('an answer of the app', () => answers(node.container), { everyMs: 50 });
      const span = await startOf(node);
      await node.container.stop();
      const profile = await readProfile(node.container);
      stacks.push({ frames: [BEFORE], us: profile.startTime - span.from }, ...stacksOf(profile, [span]));
    }
    return { name: '', times: count, stacks };
  } finally {
    await cluster.close();
  }
}

/** The image's own script, but with the profiler. */
async function runScript(stage: Stage): Promise<string> {
  const container = await stage.create({ image: 'rollcall/webapp' });
  const script = (await container.readFile(RUN_SCRIPT)) ?? '';
  if (!script.includes(NODE)) throw new Error(`${RUN_SCRIPT} does not run ${NODE}:\n${script}`);
  return script.replace(NODE, `${NODE}${PROFILER_FLAGS.join(' ')} `);
}

async function answers(container: TestContainer): Promise<boolean> {
  return (await fetch(`http://${container.address}:${PORT}/`)).ok;
}

/** When s6 started the handler, and when that said that it has started; both are told by the time of day. */
async function startOf(node: ClusterNode): Promise<Span> {
  const [from, to] = await until('the handler to tell of its start', async () => {
    const up = (await node.status())?.services.find(({ name }) => name === 'handler')?.since;
    const started = (await node.container.logsJson('handler')).find(({ msg }) => msg === 'started');
    return up !== undefined && started ? ([up, Date.parse(String(started['time']))] as const) : undefined;
  });
  // Asked in the container, as the engine may run on another kernel than this process.
  const { stdout } = await node.container.exec(['node', '-p', CLOCKS_APART_MS]);
  const us = (timeOfDayMs: number) => (timeOfDayMs - Number(stdout)) * 1_000;
  return { from: us(from), to: us(to) };
}
