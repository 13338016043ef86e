import { deepEqual, equal, fail, notEqual, ok } from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import { type Before, type Role, type RunningRole, steadyNow } from '@rollcall/handler';
import type { Case } from './conformance.ts';
import { InMemoryNode } from './in-memory-node.ts';

/** Far beyond what anything here takes, on a machine that is busy, too. */
const LIMIT_MS = 60_000;

/** What a role does on a node. */
export function lifeCases(role: Role): Case[] {
  const living = (name: string, live: Live): Case => ({ name, check: () => liveOnce(role, live) });
  return [
    living('it starts, tells of itself before it knows anybody, and ends', async (running) => {
      tellsJson(running);
    }),
    living('it tells of itself when it knows who is there', async (running, node) => {
      node.meet(running);
      tellsJson(running);
    }),
    living('the same view once more changes nothing', async (running, node) => {
      node.meet(running);
      const before = [running.status?.(), node.announced.length, node.questions];
      node.meet(running);
      deepEqual([running.status?.(), node.announced.length, node.questions], before);
    }),
    living('it may be asked at any time to look at everything again', async (running, node) => {
      running.lookAgain?.();
      node.meet(running);
      running.lookAgain?.();
      tellsJson(running);
    }),
    living('its drain ends with its budget, though no balancer answers', async (running, node) => {
      node.meet(running);
      await drainUnanswered(running, node);
    }),
    living('its drain ends with its budget, though it knows nobody yet', drainUnanswered),
    {
      name: 'it goes on from whatever a former handler told of itself',
      check: async () => {
        let told: unknown;
        await liveOnce(role, async (running) => {
          told = running.status?.();
        });
        for (const roleStatus of [told, null, {}, [], 'draining'])
          for (const isDraining of [false, true])
            await liveOnce(role, async (running) => tellsJson(running), { roleStatus, isDraining });
      },
    },
    living('its drain can be taken back', async (running, node) => {
      if (!running.drain) return;
      ok(running.undrain, 'a role with drain() must have undrain()');
      node.meet(running);
      await drainUnanswered(running, node);
      if (role.backendTags) equal(node.announced.at(-1)?.state, 'draining', 'a drain is told to the room');
      await within('undrain', running.undrain());
      if (role.backendTags) notEqual(node.announced.at(-1)?.state, 'draining', 'so is its end');
      tellsJson(running);
    }),
  ];
}

type Live = (running: RunningRole, node: InMemoryNode) => Promise<void>;

async function liveOnce(role: Role, live: Live, before?: Before): Promise<void> {
  const node = new InMemoryNode(role, before);
  role.backendTags?.(node.context.config, before);
  const running = await within('start', role.start(node.context));
  try {
    await live(running, node);
  } finally {
    await within('close', running.close?.());
  }
}

/** Drains; when the room was asked for the first time, the budget is over. */
async function drainUnanswered(running: RunningRole, node: InMemoryNode): Promise<void> {
  const over = new AbortController();
  const budget = { signal: over.signal, deadline: steadyNow() + 1_000 };
  const drained = Promise.resolve(running.drain?.(budget));
  await Promise.race([drained, node.asked, pause(budget.deadline - steadyNow())]);
  over.abort();
  await within('drain', drained);
}

function tellsJson(running: RunningRole): void {
  const status = running.status?.() ?? null;
  equal(typeof JSON.stringify(status), 'string', 'status() must give JSON');
}

async function within<T>(hook: string, task: T | Promise<T>): Promise<T> {
  const limit = new AbortController();
  const tooLate = pause(LIMIT_MS, undefined, { signal: limit.signal }).then(() =>
    fail(`${hook}() did not end within ${LIMIT_MS} ms`),
  );
  tooLate.catch(() => undefined);
  try {
    return await Promise.race([task, tooLate]);
  } finally {
    limit.abort();
  }
}
