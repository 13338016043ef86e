import { BalancerError } from './errors.ts';
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
    if (this.isDown) throw new BalancerError('HAPROXY_UNREACHABLE', 'HAProxy is down');
    const { worker, fingerprint, sections, routes } = this;
    const servers = [...this.servers.values()];
    return { worker, fingerprint, sections, routes, oldWorkers: [...this.oldWorkers], servers };
  }

  async underWay(): Promise<number> {
    const { servers } = await this.look();
    return servers.reduce((sum, { inFlight }) => sum + inFlight, this.waiting);
  }

  async apply(step: Step): Promise<void> {
    await this.look();
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
      this.servers.set(key, {
        ...step.server,
        up: step.server.mode === 'ready',
        checked: true,
        inFlight: 0,
        requests: 0,
      });
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
    if (this.isDown) await this.look();
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

function changeBy(step: Exclude<Step, { do: 'add' | 'delete' | 'route' }>): Partial<ActualServer> {
  switch (step.do) {
    case 'move':
      return { address: step.address, port: step.port };
    case 'weigh':
      return { weight: step.weight };
    case 'check':
      return { checked: true };
    case 'ready':
      return { mode: 'ready', up: true };
    case 'maint':
      return { mode: 'maint', up: false };
    case 'revive':
      return { up: true };
  }
}

function refused(step: Step): BalancerError {
  return new BalancerError('STEP_REFUSED', `HAProxy refused ${JSON.stringify(step)}`);
}
