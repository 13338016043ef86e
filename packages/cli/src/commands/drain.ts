import { setTimeout as sleep } from 'node:timers/promises';
import { LIVE_SCANDIR } from '@rollcall/handler';
import { type FoundContainer, isLive } from '../cluster.ts';
import { defineCommand } from '../command.ts';
import { cluster, node as nodeArgument, readyLimit } from '../common-options.ts';
import { stopSeconds } from '../create-options.ts';
import { drainedText, drainOf, mostInFlight } from '../drained.ts';
import type { Engine } from '../engine.ts';
import { CliError } from '../errors.ts';
import { findCluster, findNode } from '../find-cluster.ts';
import type { Host } from '../host.ts';
import { readStatus } from '../node-status.ts';
import { flag, required } from '../options.ts';
import { Progress } from '../progress.ts';
import { untilInPlace, waitingWith } from '../ready.ts';
import { startAgain } from '../sidecar.ts';

const LOOK_EVERY_MS = 100;
/** On top of what the node itself allows its drain: it may have been asked while its machine was busy. */
const RESERVE_MS = 30_000;

export const drain = defineCommand({
  usage: 'drain <node>',
  about: 'take a web node out of rotation; it runs on',
  more:
    'Every balancer stops sending it requests; those in flight end. For looking at a node in peace, or before ' +
    'stopping it by hand. `--undo` puts it back. A node that is restarted is back in rotation by itself.',
  options: {
    node: required(nodeArgument),
    undo: flag({ about: 'Put it back into rotation' }),
    'ready-limit': readyLimit,
    cluster,
  },
  examples: [
    ['rollcall drain s2', 'no new requests for s2'],
    ['rollcall drain s2 --undo', 'requests again'],
  ],
  changes: true,
  async run({ node, undo, cluster: name, 'ready-limit': seconds }, host) {
    const found = await findCluster(await host.connect(), name);
    const { engine } = found;
    const container = findNode(found, node);
    requireDrainable(container);
    if (undo) {
      await signalHandler(engine, container, '-2');
      await untilInPlace([node], waitingWith(engine, name, seconds, host));
      host.stdout.write(`${node} is in rotation\n`);
    } else {
      await signalHandler(engine, container, '-1');
      host.stdout.write(`${await untilDrained(engine, container, host)}\n`);
    }
  },
});

function requireDrainable(container: FoundContainer): void {
  const { node, role, state } = container;
  if (role === 'balancer') {
    throw new CliError('USAGE', `${node} is a balancer; only web nodes can be drained`);
  }
  if (isLive(container)) return;
  throw new CliError('NODE_DOWN', `${node} does not run (${state})`, {
    advice: `It gets no requests. \`${startAgain(container)}\` starts it again.`,
  });
}

/** Signals the node's handler: `-1` is SIGUSR1, drain; `-2` is SIGUSR2, undo it (s6-svc's own words). */
async function signalHandler(
  engine: Engine,
  { id, node }: FoundContainer,
  signal: '-1' | '-2',
): Promise<void> {
  const result = await engine.exec(id, ['s6-svc', signal, `${LIVE_SCANDIR}/handler`]);
  if (result?.exitCode === 0) return;
  const why = result ? result.stderr.trim() : 'its container does not run any more';
  throw new CliError('NODE_DOWN', `${node} cannot be told: ${why}`, {
    advice: `Look at \`rollcall why ${node}\`.`,
  });
}

/** @returns how it ended, as a sentence */
async function untilDrained(
  engine: Engine,
  container: FoundContainer,
  { stderr, signal }: Host,
): Promise<string> {
  const { node } = container;
  const progress = new Progress(stderr);
  const limitMs = stopSeconds(container.spec?.env ?? {}) * 1000 + RESERVE_MS;
  const deadline = performance.now() + limitMs;
  let most: ReadonlyMap<string, number> = new Map();
  for (;;) {
    const status = await readStatus(engine, container);
    const drained = status ? drainOf(status) : [];
    most = mostInFlight(most, drained);
    if (status?.phase === 'drained') {
      progress.end();
      return drainedText(node, drained, most);
    }
    if (performance.now() >= deadline) {
      throw new CliError('NOT_DRAINED', `${node} is not drained after ${limitMs / 1000} s`, {
        advice: `Look at \`rollcall logs ${node}\`.`,
      });
    }
    progress.waiting(
      [`${node} to be drained`, ...drained.map((at) => `${at.node}: ${at.inFlight ?? '?'} in flight`)].join(
        ', ',
      ),
    );
    await sleep(LOOK_EVERY_MS, undefined, { signal });
  }
}
