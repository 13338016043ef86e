import { BalancerError } from './errors.ts';
import { added, changeBy } from './foresee.ts';
import type { Actual, LoadBalancer } from './load-balancer.ts';
import { type ActualServer, placeOf, type Routes, type Step } from './plan.ts';
import { LEAST_SECTIONS, type Sections } from './sections.ts';
import { keyOf } from './server.ts';

/** HAProxy as its documents describe it, for tests: what it was told, and how it can be made to misbehave. */
export class InMemoryBalancer implements LoadBalancer {
  /** By `keyOf` each. */
  readonly servers = new Map<string, ActualServer>();
  sections: Sections = LEAST_SECTIONS;
  routes: Routes | undefined = new Map();
  readonly oldWorkers: number[] = [];
  readonly told: Step[] = [];
  worker = 100;
  reloads = 0;
  looks = 0;
  fingerprint: string | undefined;
  /** Streams of clients that are at no server. */
  waiting = 0;
  isDown = false;
  /** What a step or a reload fails with, once. */
  nextFailure: Error | undefined;
  /** Called before each reload. */
  onReload: () => void | Promise<void> = () => {};
  /** Steps that it never takes. */
  refuses: (step: Step) => boolean = () => false;

  async look(): Promise<Actual> {
    this.looks += 1;
    return this.#state();
  }

  #state(): Actual {
    if (this.isDown) throw new BalancerError('HAPROXY_UNREACHABLE', 'HAProxy is down');
    const { worker, fingerprint, sections, routes } = this;
    const servers = [...this.servers.values()];
    return { worker, fingerprint, sections, routes, oldWorkers: [...this.oldWorkers], servers };
  }

  async currentWorker(): Promise<number | undefined> {
    return this.#state().worker;
  }

  async underWay(): Promise<number> {
    const { servers } = this.#state();
    return servers.reduce((sum, { inFlight }) => sum + inFlight, this.waiting);
  }

  async apply(step: Step): Promise<void> {
    this.#state();
    this.#failIfTold();
    if (this.refuses(step)) throw refused(step);
    this.told.push(step);
    if (step.do === 'route') {
      this.routes = step.routes;
      return;
    }
    const key = placeOf(step);
    if (step.do === 'add') {
      if (this.servers.has(key) || !this.sections.has(step.server.backend)) throw refused(step);
      this.servers.set(key, added(step.server));
      return;
    }
    const server = this.servers.get(key);
    if (!server) throw refused(step);
    if (step.do === 'delete') {
      if (server.mode !== 'maint') throw refused(step);
      if (server.inFlight > 0) throw new BalancerError('SERVER_BUSY', `${step.name} is busy`);
      this.servers.delete(key);
    } else this.servers.set(key, { ...server, ...changeBy(step) });
  }

  async reload(): Promise<void> {
    this.#state();
    this.#failIfTold();
    await this.onReload();
    this.worker += 1;
    this.reloads += 1;
  }

  /** As if somebody had typed into its command line, or as clients and checks do. */
  change(name: string, change: Partial<ActualServer>): void {
    const server = [...this.servers.values()].find((each) => each.name === name);
    if (!server) throw new Error(`no server ${name}`);
    this.servers.set(keyOf(server), { ...server, ...change });
  }

  /** The server of this name, in whichever backend. */
  server(name: string): ActualServer | undefined {
    return [...this.servers.values()].find((each) => each.name === name);
  }

  #failIfTold(): void {
    const failure = this.nextFailure;
    this.nextFailure = undefined;
    if (failure) throw failure;
  }
}

function refused(step: Step): BalancerError {
  return new BalancerError('STEP_REFUSED', `HAProxy refused ${JSON.stringify(step)}`);
}
