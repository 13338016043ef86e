import type { Log, View } from '@rollcall/membership';
import type { Own } from './candidates.ts';
import { type Drains, drainsInForce } from './drains.ts';
import { isBalancerError } from './errors.ts';
import type { Actual, LoadBalancer } from './load-balancer.ts';
import type { Lock } from './lock.ts';
import { type News, newsOf } from './news.ts';
import { type DesiredServer, planSteps, type Step } from './plan.ts';
import { nextRoster, type Roster } from './roster.ts';
import type { Registered } from './server.ts';

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
}

/** What the last look found. */
export interface Picture {
  readonly roster: Pick<Roster, 'servers' | 'refused'>;
  /** What HAProxy had at the end; undefined when it did not answer. */
  readonly actual: Actual | undefined;
  /** Why HAProxy is not as the roster says. */
  readonly problem?: string;
  /** Changes that HAProxy refused to make while it runs, and would find in its file, as `add s1`. */
  readonly refusedSteps?: readonly string[];
}

interface Settled {
  /** The servers that it should have, as text. */
  readonly servers: string;
  readonly worker: number;
  /** Servers that are still to be deleted. */
  readonly left: ReadonlySet<string>;
}

/** Makes HAProxy's servers those of the roster: looks, plans, applies. It is called again and again, for whatever reason. */
export class Reconciler {
  readonly #parts: ReconcilerParts;
  #drains: Drains = new Map();
  #picture: Picture;
  /** Which start of each node HAProxy was told of. */
  #toldBoots: ReadonlyMap<string, string>;
  /** How HAProxy was left by the last run, if that went well. */
  #settled: Settled | undefined;
  #changes = 0;

  constructor(parts: ReconcilerParts) {
    this.#parts = parts;
    this.#picture = { roster: { servers: parts.registered, refused: [] }, actual: undefined };
    this.#toldBoots = new Map(parts.registered.map(({ name, boot }) => [name, boot]));
  }

  get picture(): Picture {
    return this.#picture;
  }

  /** Steps that were applied so far. */
  get changes(): number {
    return this.#changes;
  }

  /** Takes a start of a node out of rotation from the next run on, until its tags have spoken. */
  drain(node: string, boot: string): void {
    this.#drains = new Map(this.#drains).set(node, { boot, at: this.#parts.now() });
  }

  /** One run; begins when those before it have ended. Never rejects: what went wrong is in the picture. */
  run(): Promise<Picture> {
    return this.#parts.lock.run(() => this.#runOnce());
  }

  async #runOnce(): Promise<Picture> {
    const { balancer, view, now, own, failedGraceMs, onNews } = this.#parts;
    let actual: Actual | undefined;
    let problem: string | undefined;
    try {
      actual = await balancer.look();
    } catch (error) {
      problem = messageOf(error);
    }
    this.#drains = drainsInForce(this.#drains, view(), now());
    const before = this.#picture.roster;
    const roster = nextRoster({
      previous: before.servers,
      view: view(),
      up: actual && new Map(actual.servers.map(({ name, up }) => [name, up])),
      drains: this.#drains,
      now: now(),
      failedGraceMs,
      own,
    });
    for (const news of newsOf(before, roster)) onNews(news);
    this.#picture = { roster, actual, ...(problem !== undefined && { problem }) };
    if (actual) this.#picture = { roster, ...(await this.#settle(roster.servers, actual)) };
    return this.#picture;
  }

  async #settle(servers: readonly Registered[], actual: Actual): Promise<Omit<Picture, 'roster'>> {
    const desired = servers.map((server) => ({
      ...server,
      isNewBoot: this.#toldBoots.get(server.name) !== server.boot,
    }));
    const steps = planSteps(desired, actual.servers);
    const asText = JSON.stringify(
      desired.map(({ name, address, port, weight, mode }) => [name, address, port, weight, mode]),
    );
    this.#tellDrift(asText, actual.worker, steps);
    this.#settled = undefined;
    const failures = await this.#applyAll(steps);
    const failed = new Set([...failures.keys()].map(nameIn));
    this.#toldBoots = new Map(
      desired.flatMap(({ name, boot }) => {
        const told = failed.has(name) ? this.#toldBoots.get(name) : boot;
        return told === undefined ? [] : [[name, told]];
      }),
    );
    for (const server of desired.filter((each) => !failed.has(each.name) && isNews(each, steps))) {
      this.#parts.onNews({ node: server.name, what: 'applied', cause: server.cause });
    }
    try {
      const after = steps.length > 0 ? await this.#parts.balancer.look() : actual;
      if (failures.size > 0) return { actual: after, ...problemOf(failures) };
      const wanted = new Set(servers.map(({ name }) => name));
      const left = after.servers.map(({ name }) => name).filter((name) => !wanted.has(name));
      this.#settled = { servers: asText, worker: after.worker, left: new Set(left) };
      return { actual: after };
    } catch (error) {
      return { actual: undefined, problem: messageOf(error), ...problemOf(failures) };
    }
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

  /** HAProxy was as it should be, the roster is the same, and yet it is different now: somebody else changed it. */
  #tellDrift(servers: string, worker: number, steps: readonly Step[]): void {
    const settled = this.#settled;
    if (settled?.servers !== servers) return;
    const strange = steps.filter((step) => step.do !== 'delete' || !settled.left.has(step.name));
    if (strange.length === 0) return;
    const cause = worker === settled.worker ? 'it was changed by hand' : 'it was started anew';
    this.#parts.log.warn({ steps: strange, cause }, 'HAProxy was not as it had been left; correcting it');
  }
}

function nameIn(step: Step): string {
  return step.do === 'add' ? step.server.name : step.name;
}

function problemOf(failures: ReadonlyMap<Step, Error>): Pick<Picture, 'problem' | 'refusedSteps'> {
  const [first] = failures.values();
  const refused = [...failures].filter(
    ([step, error]) => isInTheFile(step) && isBalancerError(error, 'STEP_REFUSED'),
  );
  return {
    ...(first && { problem: first.message }),
    ...(refused.length > 0 && { refusedSteps: refused.map(([step]) => `${step.do} ${nameIn(step)}`) }),
  };
}

/** HAProxy would have it so if it read its file again. */
function isInTheFile(step: Step): boolean {
  return step.do === 'add' || step.do === 'weigh' || step.do === 'delete';
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Whether it has just come into rotation, or another start of it has. */
function isNews({ name, mode, isNewBoot }: DesiredServer, steps: readonly Step[]): boolean {
  if (mode !== 'ready') return false;
  return (
    isNewBoot ||
    steps.some((step) =>
      step.do === 'add' ? step.server.name === name : step.do === 'ready' && step.name === name,
    )
  );
}
