import { endpoint, keyOf, type Mode, type Server } from './server.ts';

/** A server as HAProxy has it. */
export interface ActualServer extends Omit<Server, 'mode'> {
  /** `drain` is never set by this package, but by people. */
  readonly mode: Mode | 'drain';
  /** HAProxy sends requests to it, if its mode lets it: its own checks find it up, or have not looked yet. */
  readonly up: boolean;
  /** HAProxy's check of it is on. */
  readonly checked: boolean;
  /** Requests that it has not answered yet, queued ones included, over all of HAProxy's processes. */
  readonly inFlight: number;
  /** Requests that it got so far, from the current process. */
  readonly requests: number;
}

/** A server as it should be. */
export interface DesiredServer extends Server {
  /** It is another start of the node than the one that HAProxy was told of: what its check found is out of date. */
  readonly isNewBoot?: boolean;
}

/** One change to what HAProxy has. */
export type Step =
  /** In its mode; when that is `ready` it gets requests at once, as its node has found the app well. */
  | { readonly do: 'add'; readonly server: Server }
  | (Place & { readonly do: 'move'; readonly address: string; readonly port: number })
  | (Place & { readonly do: 'weigh'; readonly weight: number })
  | (Place & { readonly do: 'check' })
  | (Place & { readonly do: Mode })
  /** Takes the server for up until its next check. */
  | (Place & { readonly do: 'revive' })
  | (Place & { readonly do: 'delete' })
  /** All routes at once, by their keys, take the place of those that it has. */
  | { readonly do: 'route'; readonly routes: Routes };

type Place = Pick<Server, 'backend' | 'name'>;

/** The backend that each key of HAProxy's map of routes leads to. */
export type Routes = ReadonlyMap<string, string>;

/** Where a step is taken, as HAProxy would call it. */
export function placeOf(step: Step): string {
  if (step.do === 'route') return 'routes';
  return keyOf(step.do === 'add' ? step.server : step);
}

/** What HAProxy has and is to have. */
export interface Difference {
  readonly desired: readonly DesiredServer[];
  readonly actual: readonly ActualServer[];
  readonly routes: Routes;
  /** Undefined where its configuration has no map of routes. */
  readonly actualRoutes: Routes | undefined;
}

/**
 * The steps from what HAProxy has to what it should have; none where nothing differs. Servers come before others go, so
 * that no backend is emptied on the way, and routes change in between: a service gets one when it can serve, and loses one
 * before its servers go. What goes is first taken out of rotation, and deleted when
 * nothing is in flight there: by this plan, or by a later one.
 */
export function planSteps({ desired, actual, routes, actualRoutes }: Difference): Step[] {
  const present = new Map(actual.map((server) => [keyOf(server), server]));
  const wanted = new Set(desired.map(keyOf));
  const changes = desired.map((server) => changesOf(server, present.get(keyOf(server))));
  return [
    ...changes.flatMap(({ come }) => come),
    ...(actualRoutes && !areSame(routes, actualRoutes) ? [{ do: 'route' as const, routes }] : []),
    ...changes.flatMap(({ go }) => go),
    ...actual.filter((server) => !wanted.has(keyOf(server))).flatMap(removal),
  ];
}

/** Whether HAProxy would lead the same requests to the same backends. */
export function areSame(one: Routes, other: Routes): boolean {
  return one.size === other.size && [...one].every(([key, backend]) => other.get(key) === backend);
}

interface Changes {
  readonly come: readonly Step[];
  readonly go: readonly Step[];
}

const NONE: Changes = { come: [], go: [] };

function changesOf(server: DesiredServer, actual: ActualServer | undefined): Changes {
  const { name, backend, address, port, weight, mode, isNewBoot } = server;
  const place = { backend, name };
  if (!actual) return { come: [{ do: 'add', server: { ...place, address, port, weight, mode } }], go: [] };
  const steps: Step[] = [];
  if (endpoint(server) !== endpoint(actual)) steps.push({ do: 'move', ...place, address, port });
  if (weight !== actual.weight) steps.push({ do: 'weigh', ...place, weight });
  if (!actual.checked) steps.push({ do: 'check', ...place });
  if (mode === 'maint') {
    return { come: steps, go: actual.mode === 'maint' ? [] : [{ do: 'maint', ...place }] };
  }
  if (actual.mode !== 'ready') steps.push({ do: 'ready', ...place });
  // Out of maint a server is up by itself. That it is up is no reason not to say so: it may have gone down since the last look.
  else if (isNewBoot) steps.push({ do: 'revive', ...place });
  return steps.length === 0 ? NONE : { come: steps, go: [] };
}

function removal({ backend, name, mode, inFlight }: ActualServer): Step[] {
  const out: Step[] = mode === 'maint' ? [] : [{ do: 'maint', backend, name }];
  return inFlight === 0 ? [...out, { do: 'delete', backend, name }] : out;
}
