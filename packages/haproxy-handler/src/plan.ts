import { endpoint, type Mode, type Server } from './server.ts';

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
  readonly isNewBoot: boolean;
}

/** One change to what HAProxy has. */
export type Step =
  /** In its mode; when that is `ready` it gets requests at once, as its node has found the app well. */
  | { readonly do: 'add'; readonly server: Server }
  | { readonly do: 'move'; readonly name: string; readonly address: string; readonly port: number }
  | { readonly do: 'weigh'; readonly name: string; readonly weight: number }
  | { readonly do: 'check'; readonly name: string }
  | { readonly do: Mode; readonly name: string }
  /** Takes the server for up until its next check. */
  | { readonly do: 'revive'; readonly name: string }
  | { readonly do: 'delete'; readonly name: string };

/**
 * The steps from the servers that HAProxy has to those it should have; none where nothing differs. Servers come before
 * others go, so that the backend is not emptied on the way. What goes is first taken out of rotation, and deleted when
 * nothing is in flight there: by this plan, or by a later one.
 */
export function planSteps(desired: readonly DesiredServer[], actual: readonly ActualServer[]): Step[] {
  const present = new Map(actual.map((server) => [server.name, server]));
  const wanted = new Set(desired.map(({ name }) => name));
  const changes = desired.map((server) => changesOf(server, present.get(server.name)));
  return [
    ...changes.flatMap(({ come }) => come),
    ...changes.flatMap(({ go }) => go),
    ...actual.filter(({ name }) => !wanted.has(name)).flatMap(removal),
  ];
}

function changesOf(server: DesiredServer, actual: ActualServer | undefined): { come: Step[]; go: Step[] } {
  const { name, address, port, weight, mode, isNewBoot } = server;
  if (!actual) return { come: [{ do: 'add', server: { name, address, port, weight, mode } }], go: [] };
  const steps: Step[] = [];
  if (endpoint(server) !== endpoint(actual)) steps.push({ do: 'move', name, address, port });
  if (weight !== actual.weight) steps.push({ do: 'weigh', name, weight });
  if (!actual.checked) steps.push({ do: 'check', name });
  if (mode === 'maint') {
    return { come: steps, go: actual.mode === 'maint' ? [] : [{ do: 'maint', name }] };
  }
  if (actual.mode !== 'ready') steps.push({ do: 'ready', name });
  // Out of maint a server is up by itself.
  else if (isNewBoot && !actual.up) steps.push({ do: 'revive', name });
  return { come: steps, go: [] };
}

function removal({ name, mode, inFlight }: ActualServer): Step[] {
  const out: Step[] = mode === 'maint' ? [] : [{ do: 'maint', name }];
  return inFlight === 0 ? [...out, { do: 'delete', name }] : out;
}
