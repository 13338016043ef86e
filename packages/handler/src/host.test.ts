import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Change, Room, Tags, View } from '@rollcall/membership';
import type { RestartKeeper, ServiceStatus, Supervisor } from '@rollcall/supervision';
import { pino } from 'pino';
import { describe, expect, it, vi } from 'vitest';
import type { Before, Context } from './context.ts';
import { EventLog } from './event-log.ts';
import { Host } from './host.ts';
import { defineHandler, type Role, type RunningRole } from './role.ts';
import type { NodeStatus } from './status.ts';
import { StatusFile } from './status-file.ts';
import { steadyNow } from './steady-now.ts';

const view: View = {
  members: [{ name: 's1', address: '10.0.0.3', status: 'alive', tags: { role: 'greeter', boot: 'b1' } }],
};
const joined: Change[] = view.members.map((member) => ({ kind: 'joined', member }));

/** A room without an agent: the test says who is in it. */
class StillRoom {
  readonly tags: Tags[] = [];
  readonly queries = {};
  looks = 0;
  #view: View | undefined;
  #listener: ((view: View, changes: readonly Change[]) => void) | undefined;

  view = () => this.#view;
  on(_event: 'view', listener: (view: View, changes: readonly Change[]) => void) {
    this.#listener = listener;
  }
  async setTags(tags: Tags) {
    this.tags.push(tags);
  }
  async lookAgain() {
    this.looks += 1;
  }
  async close() {}
  show(shown: View, changes: readonly Change[]) {
    this.#view = shown;
    this.#listener?.(shown, changes);
  }
}

interface Circumstances extends Pick<Role, 'backendTags'> {
  drainSeconds?: number;
  before?: Before;
  /** Called while the role starts; `written` gives the status as it is in its file. */
  onStart?: (context: Context<unknown>, written: () => Promise<NodeStatus>) => Promise<void>;
}

async function hosted(
  hooks: RunningRole,
  { drainSeconds = 60, before, onStart, ...more }: Circumstances = {},
) {
  const folder = mkdtempSync(join(tmpdir(), 'rollcall-host-'));
  const room = new StillRoom();
  const logged: Record<string, unknown>[] = [];
  const statusFile = new StatusFile(
    { status: join(folder, 'status.json'), healthy: join(folder, 'healthy') },
    (error) => expect.unreachable(error.message),
  );
  const status = async (): Promise<NodeStatus> => {
    await statusFile.close();
    return JSON.parse(readFileSync(join(folder, 'status.json'), 'utf8'));
  };
  let context: Context<unknown> | undefined;
  let servicesChanged: (statuses: readonly ServiceStatus[]) => void = () =>
    expect.unreachable('nobody watches the services');
  const restartKeeper = {
    watch: (changed: typeof servicesChanged) => {
      servicesChanged = changed;
    },
    close: () => undefined,
  } as unknown as RestartKeeper;
  const role = defineHandler({
    name: 'greeter',
    variables: {},
    services: [],
    ...more,
    start: async (given) => {
      context = given;
      await onStart?.(given, status);
      return hooks;
    },
  });
  const host = new Host(role, {
    identity: { name: 's1', boot: 'b1' },
    agentPorts: [7946, 7373],
    log: pino({}, { write: (line: string) => logged.push(JSON.parse(line)) }),
    room: room as unknown as Room,
    services: {} as Supervisor,
    restartKeeper,
    eventLog: new EventLog(join(folder, 'serf.log'), (error) => expect.unreachable(error.message)),
    statusFile,
    drainSeconds,
    config: {},
    ...(before && { before }),
  });
  await host.start();
  if (!context) throw new Error('the role was not started');
  return { host, room, logged, status, context, folder, servicesChanged };
}

describe('the host of a role', () => {
  it('tells the room its role and boot', async () => {
    const { room } = await hosted({});
    expect(room.tags).toEqual([{ role: 'greeter', boot: 'b1' }]);
  });

  it('tells the room of a backend of any type that it is a backend, and people its type', async () => {
    const tags = { service: 'web', port: 80, state: 'starting', weight: 1, check: { by: 'tcp' } } as const;
    const { room, context, status } = await hosted({}, { backendTags: () => tags });
    await context.announce({ ...tags, state: 'ready' });
    expect(room.tags).toEqual([
      { ...tags, role: 'backend', boot: 'b1' },
      { ...tags, role: 'backend', boot: 'b1', state: 'ready' },
    ]);
    expect(await status()).toMatchObject({ role: 'backend', type: 'greeter' });
  });

  it('is starting, and not well, until its agent has answered', async () => {
    const { room, status } = await hosted({});
    expect(await status()).toMatchObject({ phase: 'starting', problem: 'the agent has not answered yet' });
    room.show(view, joined);
    const now = await status();
    expect(now).toMatchObject({
      phase: 'running',
      members: [{ name: 's1', role: 'greeter', status: 'alive' }],
    });
    expect(now.problem).toBeUndefined();
  });

  it('hands the view to the role and its changes to the event log', async () => {
    const views: View[] = [];
    const { room, folder } = await hosted({ viewChanged: (seen) => views.push(seen) });
    room.show(view, joined);
    expect(views).toEqual([view]);
    expect(readFileSync(join(folder, 'serf.log'), 'utf8')).toMatch(/ joined s1 10\.0\.0\.3 greeter\n$/);
  });

  it("goes on when one of the role's hooks fails, and says so", async () => {
    const { room, logged, status } = await hosted({
      viewChanged: () => {
        throw new Error('broken hook');
      },
    });
    room.show(view, joined);
    expect(await status()).toMatchObject({ phase: 'running' });
    expect(logged).toContainEqual(expect.objectContaining({ msg: "the role's viewChanged failed" }));
  });

  it('drains once, however often it is asked, and can take it back', async () => {
    let drains = 0;
    let undrains = 0;
    const { host, status } = await hosted({
      drain: async () => {
        drains += 1;
      },
      undrain: async () => {
        undrains += 1;
      },
    });
    await Promise.all([host.drain(), host.drain()]);
    expect(drains).toBe(1);
    expect(await status()).toMatchObject({ phase: 'drained' });
    await host.undrain();
    expect(undrains).toBe(1);
    expect(await status()).toMatchObject({ phase: 'running' });
  });

  it('drains again what a former handler had drained, and says so all along', async () => {
    let drains = 0;
    const before = { isDraining: true, roleStatus: { greeted: 3 } };
    const { host, room, context, status } = await hosted(
      {
        drain: async () => {
          drains += 1;
        },
      },
      { before },
    );
    expect(context.before).toEqual(before);
    room.show(view, joined);
    expect(await status()).toMatchObject({ phase: expect.stringMatching(/^drain(ing|ed)$/) });
    await host.drain();
    expect(drains).toBe(1);
    expect(await status()).toMatchObject({ phase: 'drained' });
  });

  it('keeps what a former handler told until its own role has started', async () => {
    const before = { isDraining: false, roleStatus: { greeted: 3 } };
    let told: unknown;
    const { status } = await hosted(
      {},
      {
        before,
        onStart: async (context, written) => {
          context.statusChanged();
          told = (await written()).roleStatus;
        },
      },
    );
    expect(told).toEqual({ greeted: 3 });
    expect((await status()).roleStatus).toBeNull();
  });

  it('counts the time to drain from when it was asked to', async () => {
    let deadline = 0;
    const { host } = await hosted({
      drain: async (budget) => {
        deadline = budget.deadline;
      },
    });
    const askedAt = steadyNow() - 10_000;
    await host.drain(askedAt);
    expect(deadline).toBe(askedAt + 60_000);
  });

  it('does not wait longer for a drain than its budget, and says so', async () => {
    const { host, logged, status } = await hosted(
      { drain: () => new Promise(() => undefined) },
      { drainSeconds: 0 },
    );
    await host.drain();
    expect(await status()).toMatchObject({ phase: 'drained' });
    expect(logged).toContainEqual(
      expect.objectContaining({ msg: 'the drain did not end with its budget; going on without it' }),
    );
  });

  it("shows the role's problem and status", async () => {
    const { room, context, status } = await hosted({ status: () => ({ greeted: 3 }) });
    room.show(view, joined);
    context.healthy('nobody to greet');
    expect(await status()).toMatchObject({ problem: 'nobody to greet', roleStatus: { greeted: 3 } });
    context.healthy();
    expect((await status()).problem).toBeUndefined();
  });

  it('looks at everything again when asked', async () => {
    let looks = 0;
    const { host, room } = await hosted({
      lookAgain: () => {
        looks += 1;
      },
    });
    host.lookAgain();
    expect([looks, room.looks]).toEqual([1, 1]);
  });

  it('has the role look again when a service has changed', async () => {
    const lookAgain = vi.fn();
    const { servicesChanged, status } = await hosted({ lookAgain });
    const app = { name: 'app', up: false, ready: false, held: false, since: 0 };
    servicesChanged([app]);
    expect(lookAgain).toHaveBeenCalledOnce();
    expect((await status()).services).toMatchObject([app]);
  });
});
