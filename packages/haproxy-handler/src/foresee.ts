import type { Actual } from './load-balancer.ts';
import { type ActualServer, placeOf, type Step } from './plan.ts';
import { keyOf, type Server } from './server.ts';

/** All but those to delete: whether anything is in flight at a server only a look tells. */
export type Foreseeable = Exclude<Step, { do: 'delete' }>;

export function isForeseeable(step: Step): step is Foreseeable {
  return step.do !== 'delete';
}

/** What HAProxy has once it has taken these steps, if nothing else changes it meanwhile. */
export function foresee(actual: Actual, steps: readonly Foreseeable[]): Actual {
  if (steps.length === 0) return actual;
  const servers = new Map(actual.servers.map((server) => [keyOf(server), server]));
  let { routes } = actual;
  for (const step of steps) {
    const key = placeOf(step);
    const server = servers.get(key);
    if (step.do === 'route') routes = step.routes;
    else if (step.do === 'add') servers.set(key, added(step.server));
    else if (server) servers.set(key, { ...server, ...changeBy(step) });
  }
  return { ...actual, routes, servers: [...servers.values()] };
}

/** A server that HAProxy has just been given. */
export function added(server: Server): ActualServer {
  return { ...server, up: server.mode === 'ready', checked: true, inFlight: 0, requests: 0 };
}

/** What a step changes of a server that is there. */
export function changeBy(step: Exclude<Foreseeable, { do: 'add' | 'route' }>): Partial<ActualServer> {
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
