import type { FoundContainer } from '../cluster.ts';
import { defineCommand } from '../command.ts';
import { cluster, node } from '../common-options.ts';
import type { Engine } from '../engine.ts';
import { type Cluster, findCluster, findNode } from '../find-cluster.ts';
import type { Host, Output } from '../host.ts';
import { flag, type ValuesOf, word } from '../options.ts';
import { type Colour, paintFor } from '../paint.ts';

const USUAL_TAIL = 100;
const COLOURS: readonly Colour[] = ['cyan', 'green', 'magenta', 'yellow', 'blue'];

const options = {
  node,
  follow: flag({ about: 'Go on with what comes, until Ctrl-C', alias: 'f' }),
  tail: word<number | 'all', number>({
    about: 'How many of the last lines of each node: a number, or all',
    alias: 'n',
    fallback: USUAL_TAIL,
    allowed: 'a number of lines, or all',
    read: (text) => (text === 'all' ? 'all' : /^\d{1,7}$/.test(text) ? Number(text) : undefined),
  }),
  cluster,
};

export const logs = defineCommand({
  usage: 'logs [node]',
  about: "show what the nodes' processes say",
  more:
    "Of several nodes, each line begins with its node's name, and lines are in the order in which they were written. " +
    'Lines of Rollcall itself are JSON; those of the other services begin with the name of the service.',
  options,
  examples: [
    ['rollcall logs -f', 'everybody, as it happens'],
    ['rollcall logs s2 --tail all', 'all that one node ever said'],
    [`rollcall logs ha | grep '"level":"warn"'`, 'what troubles the balancer'],
  ],
  changes: false,
  async run(values, host) {
    const found = await findCluster(await host.connect(), values.cluster);
    const containers = values.node === undefined ? found.containers : [findNode(found, values.node)];
    if (values.follow) await follow(found, containers, values, host);
    else await show(found, containers, values, host);
  },
});

type Values = ValuesOf<typeof options>;

/** As they come: lines of one node are in order, those of several as the engine hands them over. */
async function follow(
  { engine }: Cluster,
  containers: readonly FoundContainer[],
  { tail }: Values,
  { stdout, signal }: Host,
): Promise<void> {
  await Promise.all(
    containers.map(async ({ id, node: name }, index) => {
      const prefix = prefixFor(name, index, containers, stdout);
      for await (const line of engine.logs(id, { follow: true, tail, signal })) {
        stdout.write(`${prefix}${line}\n`);
      }
    }),
  );
}

/** Those of several nodes are put in order by the engine's time, which is then left away. */
async function show(
  { engine }: Cluster,
  containers: readonly FoundContainer[],
  { tail }: Values,
  { stdout }: Host,
): Promise<void> {
  const perNode = await Promise.all(containers.map(({ id }) => timedLines(engine, id, tail)));
  const merged = perNode.flatMap((lines, index) => {
    const prefix = prefixFor(containers[index]?.node ?? '', index, containers, stdout);
    return lines.map(({ at, text }) => ({ at, text: `${prefix}${text}\n` }));
  });
  merged.sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
  for (const { text } of merged) stdout.write(text);
}

async function timedLines(engine: Engine, id: string, tail: Values['tail']) {
  const lines: { at: string; text: string }[] = [];
  for await (const line of engine.logs(id, { follow: false, tail, timestamps: true })) {
    const blank = line.indexOf(' ');
    // Always with nine digits after the second, and UTC: the texts are in the order of the times.
    lines.push({ at: line.slice(0, blank), text: line.slice(blank + 1) });
  }
  return lines;
}

function prefixFor(
  name: string,
  index: number,
  containers: readonly FoundContainer[],
  stdout: Output,
): string {
  if (containers.length === 1) return '';
  const width = Math.max(...containers.map(({ node: each }) => each.length));
  const colour = COLOURS[index % COLOURS.length] ?? 'cyan';
  return `${paintFor(stdout)(colour, name.padEnd(width))} | `;
}
