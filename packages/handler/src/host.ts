import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { BACKEND, type Change, diffViews, type Room, type View } from '@rollcall/membership';
import type { RestartKeeper, ServiceStatus, Supervisor } from '@rollcall/supervision';
import type { Logger } from 'pino';
import type { Before, NodeIdentity } from './context.ts';
import type { EventLog } from './event-log.ts';
import type { BackendAnnouncement, Role, RunningRole } from './role.ts';
import { nodeStatus, type Phase } from './status.ts';
import type { StatusFile } from './status-file.ts';
import { steadyNow } from './steady-now.ts';

/** How long a role's drain may take to notice that its budget is over. */
const OVERRUN_MS = 200;
/** How long the agent may take to end the connections to it: where the drain has left time, and where it has not. */
const FAREWELL_MS = 1000;
const SHORT_FAREWELL_MS = 100;

/** What the host process works with: the node's own parts. */
export interface HostParts {
  readonly identity: NodeIdentity;
  readonly agentPorts: readonly number[];
  readonly log: Logger;
  readonly room: Room;
  readonly services: Supervisor;
  readonly restartKeeper: RestartKeeper;
  readonly eventLog: EventLog;
  readonly statusFile: StatusFile;
  readonly drainSeconds: number;
  readonly config: unknown;
  readonly before?: Before;
}

/** Hosts a role: gives it what it works with, calls its hooks, tells the node's status. */
export class Host {
  readonly #role: Role;
  readonly #parts: HostParts;
  #running: RunningRole | undefined;
  #phase: Phase;
  #problem: string | undefined;
  #services: readonly ServiceStatus[] = [];
  #draining: Promise<void> | undefined;

  constructor(role: Role, parts: HostParts) {
    this.#role = role;
    this.#parts = parts;
    this.#phase = parts.before?.isDraining ? 'draining' : 'starting';
  }

  async start(): Promise<void> {
    const { identity, agentPorts, log, room, services, restartKeeper, config, before } = this.#parts;
    await this.#announce(this.#role.backendTags?.(config as never, before));
    this.#running = await this.#role.start({
      config: config as never,
      node: identity,
      agentPorts,
      ...(before && { before }),
      log,
      room,
      queries: room.queries,
      services,
      view: () => room.view(),
      announce: (announcement) => this.#announce(announcement),
      statusChanged: () => this.#tellStatus(),
      healthy: (problem) => {
        this.#problem = problem;
        this.#tellStatus();
      },
    });
    room.on('view', (view, changes) => this.#viewChanged(view, changes));
    restartKeeper.watch((statuses) => {
      this.#services = statuses;
      this.#tellStatus();
      // A service that has ended or begun is what the role looks for.
      this.#haveRoleLook();
    });
    const view = room.view();
    if (view) this.#viewChanged(view, diffViews(undefined, view));
    // What the former handler began or reached must hold for this one, too.
    if (before?.isDraining) void this.drain();
    this.#tellStatus();
  }

  /**
   * Goes out of service within the drain budget; a drain that runs already is waited for.
   *
   * @param askedAt when the budget began, by `steadyNow`
   */
  drain(askedAt = steadyNow()): Promise<void> {
    this.#draining ??= this.#drainOnce(askedAt);
    return this.#draining;
  }

  /** Takes a drain back, once it is done. */
  async undrain(): Promise<void> {
    await this.#draining;
    this.#draining = undefined;
    this.#parts.log.info('taking the drain back');
    await this.#hook('undrain', () => this.#running?.undrain?.());
    this.#enter('running');
  }

  lookAgain(): void {
    void this.#parts.room.lookAgain();
    this.#haveRoleLook();
  }

  /** @param askedAt when the node's stop was asked for, by `steadyNow` */
  async close(askedAt: number): Promise<void> {
    this.#parts.restartKeeper.close();
    await this.#hook('close', () => this.#running?.close?.());
    this.#enter('stopped');
    await this.#parts.statusFile.close();
    const leftMs = askedAt + this.#parts.drainSeconds * 1000 - steadyNow();
    await this.#parts.room.close(Math.min(FAREWELL_MS, Math.max(SHORT_FAREWELL_MS, leftMs / 2)));
  }

  #haveRoleLook(): void {
    void this.#hook('lookAgain', () => this.#running?.lookAgain?.());
  }

  async #drainOnce(askedAt: number): Promise<void> {
    const { log, drainSeconds } = this.#parts;
    this.#enter('draining');
    const deadline = askedAt + drainSeconds * 1000;
    const signal = AbortSignal.timeout(Math.max(0, Math.ceil(deadline - steadyNow())));
    const overrun = once(signal, 'abort').then(() => pause(OVERRUN_MS, 'over' as const, { ref: false }));
    const drain = this.#hook('drain', () => this.#running?.drain?.({ signal, deadline }));
    const ended = await Promise.race([drain, overrun]);
    if (ended === 'over')
      log.warn({ drainSeconds }, 'the drain did not end with its budget; going on without it');
    log.info({ ms: Math.round(steadyNow() - askedAt) }, 'drained');
    this.#enter('drained');
  }

  #viewChanged(view: View, changes: readonly Change[]): void {
    this.#parts.eventLog.write(changes, new Date());
    for (const { kind, member } of changes) {
      const refused = 'refused' in member ? { refused: member.refused } : {};
      this.#parts.log.info(
        { event: kind, member: member.name, address: member.address, ...refused },
        'membership',
      );
    }
    if (this.#phase === 'starting') this.#phase = 'running';
    void this.#hook('viewChanged', () => this.#running?.viewChanged?.(view, changes));
    this.#tellStatus();
  }

  async #announce(announcement: BackendAnnouncement | undefined): Promise<void> {
    const { room, identity } = this.#parts;
    const { boot } = identity;
    const told = room.setTags(
      announcement ? { ...announcement, role: BACKEND, boot } : { role: this.#role.name, boot },
    );
    if (room.view() === undefined) {
      // The agent is not up yet: the room sends the tags as soon as it is.
      told.catch(() => undefined);
      return;
    }
    await told;
  }

  async #hook(name: string, call: () => void | Promise<void> | undefined): Promise<void> {
    try {
      await call();
    } catch (error) {
      this.#parts.log.error({ hook: name, err: error }, `the role's ${name} failed`);
    }
  }

  #enter(phase: Phase): void {
    this.#phase = phase;
    this.#tellStatus();
  }

  #tellStatus(): void {
    const { identity, room, statusFile, before } = this.#parts;
    statusFile.write(() =>
      nodeStatus({
        identity,
        role: this.#role.backendTags ? BACKEND : this.#role.name,
        type: this.#role.name,
        phase: this.#phase,
        view: room.view(),
        services: this.#services,
        problem: this.#problem ?? (this.#phase === 'starting' ? 'the agent has not answered yet' : undefined),
        // Until the role has started, what the former handler left: the next may need it, should this one be killed.
        roleStatus: this.#running ? this.#running.status?.() : before?.roleStatus,
      }),
    );
  }
}
