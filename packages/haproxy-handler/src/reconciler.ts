import { claimsOf, isBackend, type Log, type Member, type View } from '@rollcall/membership';
import type { Own } from './candidates.ts';
import { type Drains, drainsInForce } from './drains.ts';
import { type Desired, driftOf, type RegisteredServer, type Settled } from './drift.ts';
import { isBalancerError } from './errors.ts';
import { foresee, isForeseeable } from './foresee.ts';
import type { Actual, LoadBalancer } from './load-balancer.ts';
import type { Lock } from './lock.ts';
import { type News, newsOf } from './news.ts';
import { placeOf, planSteps, type Step } from './plan.ts';
import { nextRoster, type Roster } from './roster.ts';
import { type Routing, type RoutingQuestion, routingOf } from './routing.ts';
import { type Sections, sectionsFor } from './sections.ts';
import { backendFor, keyOf, type Registered } from './server.ts';

export interface ReconcilerParts {
  readonly balancer: LoadBalancer;
  readonly view: () => View | undefined;
  readonly own: Own;
  readonly failedGraceMs: number;
  /** Held while HAProxy's servers are looked at and changed. */
  readonly lock: Lock;
  readonly log: Log;
  readonly now: () => number;
  /** Where the roster starts from. */
  readonly registered: readonly Registered[];
  readonly onNews: (news: News) => void;
  /** Services and TCP ports that HAProxy cannot have, and why. */
  readonly refusedSections: () => ReadonlyMap<string, string>;
}

/** What the last look found. */
export interface Picture {
  readonly roster: Pick<Roster, 'servers' | 'refused'>;
  readonly routing: Routing;
  /** What HAProxy had at the end; undefined when it did not answer. */
  readonly actual: Actual | undefined;
  /** Why HAProxy is not as the roster says. */
  readonly problem?: string;
  /** Changes that HAProxy refused to make while it runs, and would find in its file, as `add s1`. */
  readonly refusedSteps?: readonly string[];
}

const NOTHING_KNOWN = { up: undefined, held: undefined, sections: undefined };

/** Makes HAProxy's servers and routes those of the roster: looks, plans, applies. It is called again and again, for whatever reason. */
export class Reconciler {
  readonly #parts: ReconcilerParts;
  #drains: Drains = new Map();
  #picture: Picture;
  /** Which start of each node HAProxy was told of. */
  #toldBoots: ReadonlyMap<string, string>;
  /** How HAProxy was left last, if that went well. */
  #settled: Settled | undefined;
  /** What it had then. */
  #foreseen: Actual | undefined;
  #changes = 0;

  constructor(parts: ReconcilerParts) {
    this.#parts = parts;
    const roster = { servers: parts.registered, refused: [] };
    this.#picture = { roster, routing: this.#route(parts.registered, NOTHING_KNOWN), actual: undefined };
    this.#toldBoots = new Map(parts.registered.map(({ name, boot }) => [name, boot]));
  }

  get picture(): Picture {
    return this.#picture;
  }

  /** Steps that were applied so far. */
  get changes(): number {
    return this.#changes;
  }

  /** What HAProxy's configuration is to have places for. */
  get needed(): Sections {
    const { ports } = this.#parts.own;
    return new Set(this.#picture.roster.servers.flatMap((server) => sectionsFor(server, ports)));
  }

  /** What it may need places for soon: nodes that are not ready yet count, too. Undefined while nobody is known. */
  get claimed(): Sections | undefined {
    const { view, own } = this.#parts;
    return view() && new Set(view()?.members.flatMap((member) => sectionsClaimedBy(member, own.ports)));
  }

  /** Takes a start of a node out of rotation from the next run on, until its tags have spoken. */
  drain(node: string, boot: string): void {
    this.#drains = new Map(this.#drains).set(node, { boot, at: this.#parts.now() });
  }

  /** One run; begins when those before it have ended. Never rejects: what went wrong is in the picture. */
  run(): Promise<Picture> {
    return this.#parts.lock.run(() => this.#runOnce());
  }

  /**
   * Takes the steps that cannot wait, without a look at HAProxy, which takes the longer the more servers there are: HAProxy
   * is taken to be as the last run, or this, left it. Does nothing where that went wrong, or another process is at work. To
   * be followed by a run, which sees what it is really like, judges suspects by that, and deletes.
   */
  follow(): Promise<void> {
    return this.#parts.lock.run(async () => {
      const actual = this.#foreseen;
      if (!actual || (await this.#currentWorker()) !== actual.worker) return;
      this.#decide(actual, { isFresh: false });
      await this.#settle(actual, isForeseeable, async (taken) =>
        foresee(actual, taken.filter(isForeseeable)),
      );
      // What is refused, a run tells: it may be for what has changed since the last one.
      const { refusedSteps: _, ...picture } = this.#picture;
      this.#picture = picture;
    });
  }

  async #currentWorker(): Promise<number | undefined> {
    return await this.#parts.balancer.currentWorker().catch(() => undefined);
  }

  async #runOnce(): Promise<Picture> {
    const { balancer } = this.#parts;
    let actual: Actual | undefined;
    try {
      actual = await balancer.look();
    } catch (error) {
      this.#foreseen = undefined;
      this.#decide(undefined, { isFresh: true, problem: messageOf(error) });
      return this.#picture;
    }
    const seen = actual;
    this.#decide(seen, { isFresh: true });
    await this.#settle(
      seen,
      () => true,
      async (taken) => (taken.length > 0 ? await balancer.look() : seen),
    );
    return this.#picture;
  }

  /** Who should be there and get what, given what HAProxy has. */
  #decide(
    actual: Actual | undefined,
    { isFresh, problem }: { readonly isFresh: boolean; readonly problem?: string },
  ): void {
    const { view, now, own, failedGraceMs, onNews } = this.#parts;
    this.#drains = drainsInForce(this.#drains, view(), now());
    const before = this.#picture.roster;
    const up = actual && upIn(actual);
    const roster = nextRoster({
      previous: before.servers,
      view: view(),
      up,
      isFresh,
      drains: this.#drains,
      now: now(),
      failedGraceMs,
      own,
    });
    for (const news of newsOf(before, roster)) onNews(news);
    const held = actual?.routes ?? this.#picture.routing.routes;
    const routing = this.#route(roster.servers, { up, held, sections: actual?.sections });
    this.#picture = { roster, routing, actual, ...(problem !== undefined && { problem }) };
  }

  #route(servers: readonly Registered[], known: Pick<RoutingQuestion, 'up' | 'held' | 'sections'>): Routing {
    const { own, refusedSections } = this.#parts;
    return routingOf({ servers, ownPorts: own.ports, refusedSections: refusedSections(), ...known });
  }

  /**
   * Brings HAProxy from what it has to what has been decided.
   *
   * @param look what it has after the steps that it took; may reject
   */
  async #settle(
    actual: Actual,
    mayTake: (step: Step) => boolean,
    look: (taken: readonly Step[]) => Promise<Actual>,
  ): Promise<void> {
    const { roster, routing } = this.#picture;
    const { routes } = routing;
    // The others wait for HAProxy to get a backend for them.
    const desired = roster.servers
      .filter(({ backend }) => actual.sections.has(backend))
      .map((server): RegisteredServer => {
        const isNewBoot = this.#toldBoots.get(server.name) !== server.boot;
        return isNewBoot ? { ...server, isNewBoot } : server;
      });
    const steps = planSteps({ desired, actual: actual.servers, routes, actualRoutes: actual.routes }).filter(
      mayTake,
    );
    const now = { servers: desired, routes, worker: actual.worker };
    this.#tellDrift(now, steps);
    this.#settled = undefined;
    this.#foreseen = undefined;
    const failures = await this.#applyAll(steps);
    this.#tellApplied(desired, steps, failures);
    try {
      const after = await look(steps.filter((step) => !failures.has(step)));
      this.#picture = { roster, routing, actual: after, ...problemOf(failures) };
      if (failures.size > 0) return;
      const wanted = new Set(desired.map(keyOf));
      const left = after.servers.map(keyOf).filter((key) => !wanted.has(key));
      this.#settled = { ...now, worker: after.worker, left: new Set(left) };
      this.#foreseen = after;
    } catch (error) {
      this.#picture = {
        ...{ roster, routing, actual: undefined, problem: messageOf(error) },
        ...problemOf(failures),
      };
    }
  }

  /** Tells of servers that are in rotation now, and remembers which start of its node each of them was told of. */
  #tellApplied(
    desired: readonly RegisteredServer[],
    steps: readonly Step[],
    failures: ReadonlyMap<Step, Error>,
  ): void {
    const failed = new Set([...failures.keys()].map(placeOf));
    const came = new Set(
      steps.flatMap((step) => (step.do === 'add' || step.do === 'ready' ? placeOf(step) : [])),
    );
    const told = new Map<string, string>();
    for (const server of desired) {
      const { name, boot, mode, isNewBoot = false } = server;
      if (failed.has(keyOf(server))) {
        const before = this.#toldBoots.get(name);
        if (before !== undefined) told.set(name, before);
        continue;
      }
      told.set(name, boot);
      if (mode === 'ready' && (isNewBoot || came.has(keyOf(server))))
        this.#parts.onNews({ node: name, what: 'applied', cause: server.cause });
    }
    this.#toldBoots = told;
  }

  /** @returns the steps that were not taken, and why: one that is refused does not keep the others from it */
  async #applyAll(steps: readonly Step[]): Promise<Map<Step, Error>> {
    const failures = new Map<Step, Error>();
    for (const [index, step] of steps.entries()) {
      try {
        await this.#apply(step);
      } catch (error) {
        this.#parts.log.warn({ err: error, step }, 'a change to HAProxy failed; looking again');
        failures.set(step, error as Error);
        if (isBalancerError(error, 'STEP_REFUSED')) continue;
        // Whoever does not answer does not answer the next one either.
        for (const untried of steps.slice(index + 1)) failures.set(untried, error as Error);
        break;
      }
    }
    return failures;
  }

  async #apply(step: Step): Promise<void> {
    const { balancer, log } = this.#parts;
    try {
      await balancer.apply(step);
    } catch (error) {
      // Its last connection has not ended yet: a later run deletes it.
      if (isBalancerError(error, 'SERVER_BUSY')) return;
      throw error;
    }
    this.#changes += 1;
    log.debug({ step }, 'HAProxy was changed');
  }

  #tellDrift(now: Desired, steps: readonly Step[]): void {
    const drift = this.#settled && driftOf(this.#settled, now, steps);
    if (drift) this.#parts.log.warn(drift, 'HAProxy was not as it had been left; correcting it');
  }
}

function upIn({ servers }: Actual): Map<string, boolean> {
  return new Map(servers.map((server) => [keyOf(server), server.up]));
}

function sectionsClaimedBy(member: Member, ownPorts: readonly number[]): string[] {
  if (member.status !== 'alive' || 'refused' in member || !isBackend(member.tags)) return [];
  const claims = claimsOf(member.tags);
  return sectionsFor({ backend: backendFor(member.tags.service, claims), claims }, ownPorts);
}

function problemOf(failures: ReadonlyMap<Step, Error>): Pick<Picture, 'problem' | 'refusedSteps'> {
  const [first] = failures.values();
  const refused = [...failures].filter(
    ([step, error]) => isInTheFile(step) && isBalancerError(error, 'STEP_REFUSED'),
  );
  return {
    ...(first && { problem: first.message }),
    ...(refused.length > 0 && { refusedSteps: refused.map(([step]) => `${step.do} ${nameOf(step)}`) }),
  };
}

/** HAProxy would have it so if it read its file again. */
function isInTheFile(step: Step): boolean {
  return step.do === 'add' || step.do === 'weigh' || step.do === 'delete';
}

function nameOf(step: Step): string {
  if (step.do === 'route') return 'routes';
  return step.do === 'add' ? step.server.name : step.name;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
