import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { type Context, type DrainBudget, type RunningRole, steadyNow } from '@rollcall/handler';
import {
  type Change,
  drainQuery,
  idleQuery,
  isBackend,
  type Occasion,
  OneAtATime,
  type View,
} from '@rollcall/membership';
import { Chronicle } from './chronicle.ts';
import { ClaimChronicle } from './claim-chronicle.ts';
import type { ConfigurationKeeper } from './configuration-keeper.ts';
import { BalancerError, isBalancerError } from './errors.ts';
import { IdleWatch, inFlightAt } from './idle-watch.ts';
import type { LoadBalancer } from './load-balancer.ts';
import type { News } from './news.ts';
import type { NodeFiles } from './node-files.ts';
import type { Picture, Reconciler } from './reconciler.ts';
import { type BalancerStatus, serverStatuses, serviceStatuses } from './status.ts';
import type { Stories } from './stories.ts';
import type { BalancerConfig } from './variables.ts';

/** It looks by itself, whatever it is told or not told. */
const LOOK_MS = 2_000;
/** After something went wrong. */
const LOOK_AGAIN_MS = 200;
/** While a new server's first request is looked out for. */
const LOOK_CLOSELY_MS = 100;
/** Among so many servers that a look takes long, as many times as long is waited before the next. */
const LOOK_CLOSELY_PAUSE = 4;
/** What changes within so long is written once: HAProxy itself has it already. */
const WRITE_AFTER_MS = 250;
/** What a client gets to use its idle connection for one more request when HAProxy stops. */
const IDLE_CLIENTS_MS = 1_000;
const STOP_LOOK_MS = 50;

export interface BalancerParts {
  readonly context: Pick<
    Context<BalancerConfig>,
    'config' | 'log' | 'queries' | 'services' | 'statusChanged' | 'healthy'
  >;
  readonly balancer: LoadBalancer;
  /** Made with this role's `onNews`. */
  readonly reconciler: (onNews: (news: News) => void) => Reconciler;
  readonly keeper: ConfigurationKeeper;
  readonly nodeFiles: NodeFiles;
  readonly stories: Stories;
  /** What keeps HAProxy from starting here, whatever its configuration. */
  readonly obstacle: string | undefined;
}

/** The role at work: has HAProxy looked at whenever there is a reason to, and answers the nodes that drain. */
export class Balancer implements RunningRole {
  readonly #parts: BalancerParts;
  readonly #reconciler: Reconciler;
  readonly #idle: IdleWatch;
  readonly #chronicle = new Chronicle();
  readonly #claims = new ClaimChronicle();
  readonly #follows = new OneAtATime(() => this.#reconciler.follow());
  readonly #looks = new OneAtATime(() => this.#lookOnce());
  readonly #writes = new OneAtATime(() => this.#writeOnce());
  readonly #timer: NodeJS.Timeout;
  #soon: NodeJS.Timeout | undefined;
  #writeTimer: NodeJS.Timeout | undefined;
  #fileProblem: string | undefined;
  #lastTold = '';
  /** What the last look had for the files. */
  #lastWritten: string | undefined;
  /** HAProxy is stopped, or is about to be. */
  #isStopping = false;

  constructor(parts: BalancerParts) {
    this.#parts = parts;
    this.#reconciler = parts.reconciler((news) => this.#tell(news));
    this.#idle = new IdleWatch(() => parts.balancer.look());
    const { queries } = parts.context;
    queries.answer(drainQuery, ({ node, boot }, occasion) => this.#drainNode(node, boot, occasion));
    queries.answer(idleQuery, ({ node, boot }, { signal }) => this.#untilIdle(node, boot, signal));
    this.#timer = setInterval(() => this.#tick(), LOOK_MS);
    // HAProxy waits for its first configuration.
    void this.look().then(() => this.#write());
  }

  viewChanged(_view: View, changes: readonly Change[]): void {
    const known = new Set(this.#reconciler.picture.roster.servers.map(({ name }) => name));
    for (const { kind, member } of changes) {
      if (kind !== 'joined' && kind !== 'returned') continue;
      if (known.has(member.name) || 'refused' in member) continue;
      if (!isBackend(member.tags)) continue;
      this.#tell({ node: member.name, what: 'joined', cause: `is in the room, at ${member.address}` });
    }
    void this.#follows.run();
    void this.look();
  }

  lookAgain(): void {
    this.#parts.keeper.lookAgain();
    this.#tick();
  }

  /** Stops HAProxy: it takes no new connection; what is in flight ends, as far as the budget goes. */
  async drain({ signal }: DrainBudget): Promise<void> {
    const { context, balancer } = this.#parts;
    this.#isStopping = true;
    let isDown = false;
    const down = context.services.down('haproxy').finally(() => {
      isDown = true;
    });
    const askedAt = steadyNow();
    const over = once(signal, 'abort');
    // Unknown until HAProxy has answered: silence is not taken for calm.
    let inFlight: number | undefined;
    const ask = async () => {
      inFlight = await balancer.underWay().catch(() => inFlight);
    };
    while (!isDown && !signal.aborted) {
      await pause(STOP_LOOK_MS);
      await Promise.race([ask(), over]);
      if (inFlight === 0 && steadyNow() - askedAt >= IDLE_CLIENTS_MS) break;
    }
    if (!isDown) {
      if (inFlight !== 0)
        context.log.warn(
          { inFlight: inFlight ?? 'unknown' },
          'the time to stop is over; what is in flight is cut',
        );
      // Idle connections would keep it.
      await context.services.signal('haproxy', 'SIGTERM');
    }
    await down;
  }

  async undrain(): Promise<void> {
    await this.#parts.context.services.up('haproxy');
    this.#isStopping = false;
    void this.look();
  }

  status(): BalancerStatus {
    const { keeper, stories, context } = this.#parts;
    const { picture, changes } = this.#reconciler;
    const { template, adminPort, failedGraceSeconds, hardStopSeconds } = context.config;
    return {
      servers: serverStatuses(picture),
      services: serviceStatuses(picture),
      refused: picture.roster.refused,
      refusedClaims: picture.routing.refused.map(({ nodes: _, ...claim }) => claim),
      reloads: keeper.reloads,
      runtimeChanges: changes,
      oldWorkers: picture.actual?.oldWorkers.length ?? 0,
      ...(keeper.problem !== undefined && { templateProblem: keeper.problem }),
      settings: {
        template: template ?? 'default',
        adminPort: adminPort ?? null,
        failedGraceSeconds,
        hardStopSeconds,
      },
      stories: stories.all(),
    };
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.look();
    clearTimeout(this.#soon);
    await this.#write();
  }

  /** Resolves with a look that began no earlier than this call. */
  look(): Promise<Picture> {
    return this.#looks.run();
  }

  async #lookOnce(): Promise<Picture> {
    const beganAt = steadyNow();
    const picture = await this.#reconciler.run();
    this.#tellClaims(picture);
    for (const news of this.#chronicle.read(picture, steadyNow())) this.#tell(news);
    const forFiles = written(picture);
    if (forFiles !== this.#lastWritten) this.#writeSoon();
    this.#lastWritten = forFiles;
    this.#tellStatus();
    clearTimeout(this.#soon);
    const now = steadyNow();
    if (picture.problem !== undefined && !this.#isStopping) this.#lookIn(LOOK_AGAIN_MS);
    else if (this.#chronicle.isCurious(now))
      this.#lookIn(Math.max(LOOK_CLOSELY_MS, LOOK_CLOSELY_PAUSE * (now - beganAt)));
    return picture;
  }

  #lookIn(ms: number): void {
    this.#soon = setTimeout(() => void this.look(), ms);
  }

  #tick(): void {
    void this.look().then(() => this.#write());
  }

  async #drainNode(
    node: string,
    boot: string,
    { from }: Occasion,
  ): Promise<{ applied: boolean; inFlight: number }> {
    if (from !== node) {
      const error = new BalancerError('DRAIN_REFUSED', `${from} asked to drain ${node}`);
      this.#parts.context.log.warn({ err: error }, 'a drain is refused');
      throw error;
    }
    this.#reconciler.drain(node, boot);
    const { actual } = await this.look();
    if (!actual) return { applied: this.#isStopping, inFlight: 0 };
    const isThis = !this.#isAnotherBoot(node, boot);
    const isOut = actual.servers.every(({ name, mode }) => name !== node || mode === 'maint');
    return {
      applied: !isThis || isOut,
      inFlight: isThis ? inFlightAt(actual, node) : 0,
    };
  }

  async #untilIdle(
    node: string,
    boot: string,
    signal: AbortSignal,
  ): Promise<{ idle: boolean; inFlight: number }> {
    if (this.#isAnotherBoot(node, boot)) return { idle: true, inFlight: 0 };
    const inFlight = await this.#idle.untilIdle(node, signal);
    if (inFlight === 0) void this.look();
    return { idle: inFlight === 0, inFlight };
  }

  /** The node's server is another start of it. One that is on the roster no more may still have requests in flight. */
  #isAnotherBoot(node: string, boot: string): boolean {
    const { servers } = this.#reconciler.picture.roster;
    return servers.some((server) => server.name === node && server.boot !== boot);
  }

  #tell(news: News): void {
    this.#parts.stories.tell(news, Date.now());
    const { node, what, cause } = news;
    this.#parts.context.log.info({ member: node, event: what, cause }, `${node} ${cause}`);
    if (what !== 'applied') return;
    const server = this.#reconciler.picture.roster.servers.find(({ name }) => name === node);
    if (server) this.#chronicle.applied(server, steadyNow());
  }

  /** Each claim once in the log; in the story of each node that made it. */
  #tellClaims({ routing }: Picture): void {
    for (const { claim, nodes, isNew } of this.#claims.read(routing.refused, steadyNow())) {
      const { service, route, reason, heldBy } = claim;
      const cause = `does not get ${route} for ${service}: it ${reason}`;
      // `service` is who logs.
      const line = { event: 'claim-refused', claimant: service, route, reason, heldBy };
      if (isNew) this.#parts.context.log.warn(line, `${service} does not get ${route}: it ${reason}`);
      for (const node of nodes) this.#parts.stories.tell({ node, what: 'refused', cause }, Date.now());
    }
  }

  #writeSoon(): void {
    this.#writeTimer ??= setTimeout(() => void this.#write(), WRITE_AFTER_MS);
  }

  /** Brings the files up to date. */
  #write(): Promise<void> {
    clearTimeout(this.#writeTimer);
    this.#writeTimer = undefined;
    return this.#writes.run();
  }

  async #writeOnce(): Promise<void> {
    const { keeper, nodeFiles, stories } = this.#parts;
    const before = JSON.stringify([keeper.reloads, [...keeper.refusedSections]]);
    const reconciler = this.#reconciler;
    const servers = () => reconciler.picture.roster.servers;
    const wanted = () => ({
      servers: servers(),
      routes: reconciler.picture.routing.routes,
      needed: reconciler.needed,
      claimed: reconciler.claimed,
    });
    const { refusedSteps } = reconciler.picture;
    // One that cannot be written does not keep the others from it.
    const results = [
      await settled(nodeFiles.save(servers())),
      await settled(stories.save()),
      this.#isStopping ? undefined : await settled(keeper.keep(wanted, refusedSteps)),
    ];
    this.#tellFileProblem(results.find((error) => error !== undefined));
    this.#tellStatus();
    // The new process may miss what came meanwhile, and a new service waits for its routes.
    if (JSON.stringify([keeper.reloads, [...keeper.refusedSections]]) !== before) void this.look();
  }

  #tellFileProblem(error: Error | undefined): void {
    // Told by the look at HAProxy, and made good by the next one.
    const problem = isBalancerError(error, 'HAPROXY_UNREACHABLE') ? undefined : error?.message;
    if (problem !== undefined && problem !== this.#fileProblem) {
      this.#parts.context.log.error({ err: error }, 'the files could not be brought up to date');
    }
    this.#fileProblem = problem;
  }

  #tellStatus(): void {
    const { context, keeper, obstacle } = this.#parts;
    const { problem } = this.#reconciler.picture;
    const told = JSON.stringify([this.status(), problem, this.#fileProblem]);
    if (told === this.#lastTold) return;
    this.#lastTold = told;
    const haproxyProblem = problem && !this.#isStopping ? (obstacle ?? keeper.problem ?? problem) : undefined;
    // A template that is not used is told by the status; the node is well as long as the last one works.
    context.healthy(haproxyProblem ?? this.#fileProblem);
    context.statusChanged();
  }
}

/** What of a picture the files say. */
function written({ roster, routing }: Picture): string {
  return JSON.stringify([roster.servers, [...routing.routes]]);
}

/** The error that it rejects with. */
function settled(task: Promise<unknown>): Promise<Error | undefined> {
  return task.then(
    () => undefined,
    (error) => error,
  );
}
