import { EventEmitter } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import type { BackendAnnouncement, Before, Context, Role, RunningRole } from '@rollcall/handler';
import type { Member, Queries, Tags, View } from '@rollcall/membership';

const OWN_NAME = 'own';

/** Two balancers and a backend, and the node itself. */
const view: View = {
  members: [
    member('balancer-1', '10.0.0.2', { role: 'balancer', boot: 'b2' }),
    member('balancer-2', '10.0.0.3', { role: 'balancer', boot: 'b3' }),
    member('other', '10.0.0.4', {
      ...{ role: 'backend', boot: 'b4', service: 'web', port: 3000, state: 'ready', weight: 100 },
      check: { by: 'tcp' },
    }),
    member(OWN_NAME, '10.0.0.5', { role: 'member', boot: 'b5' }),
  ],
};

/** A node without an agent and without s6, in a room where nobody ever answers. */
export class InMemoryNode {
  /** What it told the room, in order. */
  readonly announced: BackendAnnouncement[] = [];
  /** How often it asked the room something. */
  questions = 0;
  /** Resolves when it asks for the first time. */
  readonly asked: Promise<void>;
  readonly context: Context<never>;
  #firstQuestion = () => {};
  #known: View | undefined;

  /** As the room does it: rejects when it is aborted, and names as missing who did not answer in time. */
  readonly #ask: Queries['ask'] = async (_query, _payload, { nodes = [], timeoutMs, signal }) => {
    this.questions += 1;
    this.#firstQuestion();
    await pause(timeoutMs, undefined, { ...(signal && { signal }) }).catch(() => signal?.throwIfAborted());
    return { answers: new Map(), refused: new Map(), missing: [...nodes] };
  };

  constructor(role: Role, before?: Before) {
    this.asked = new Promise((resolve) => {
      this.#firstQuestion = resolve;
    });
    const defaults = Object.entries(role.variables).map(([key, { fallback }]) => [key, fallback]);
    const down = new Set<string>();
    const status = async (name: string) => ({ name, up: !down.has(name), ready: true, held: false });
    this.context = {
      config: Object.fromEntries(defaults),
      ...(before && { before }),
      node: { name: OWN_NAME, boot: 'b5' },
      agentPorts: [7946, 7373],
      log: silent,
      room: Object.assign(new EventEmitter(), {
        view: () => this.#known,
        spread: async () => undefined,
        lookAgain: async () => undefined,
      }),
      queries: { answer: () => undefined, ask: this.#ask },
      services: {
        up: async (name: string) => void down.delete(name),
        down: async (name: string) => {
          down.add(name);
          return { killed: false };
        },
        signal: async () => undefined,
        status,
        statuses: () => Promise.all(role.services.map(({ name }) => status(name))),
      },
      view: () => this.#known,
      announce: async (announcement: BackendAnnouncement) => void this.announced.push(announcement),
      statusChanged: () => undefined,
      healthy: () => undefined,
      // The classes behind some of it have more, which no role needs.
    } satisfies Record<Exclude<keyof Context<never>, 'before'>, unknown> as unknown as Context<never>;
  }

  /** The role is shown who is there, once more if it knows already. */
  meet(running: RunningRole): void {
    this.#known = view;
    running.viewChanged?.(view, []);
  }
}

function member(name: string, address: string, tags: Tags): Member {
  return { name, address, status: 'alive', tags };
}

const nothing = () => undefined;
const silent = {
  trace: nothing,
  debug: nothing,
  info: nothing,
  warn: nothing,
  error: nothing,
  fatal: nothing,
};
