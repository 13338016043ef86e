import { describe, expect, it } from 'vitest';
import type { FoundContainer } from './cluster.ts';
import type { Engine } from './engine.ts';
import { checkFreeRequests } from './free-requests.ts';
import type { WantedNodes } from './plan.ts';

const found = (node: string, service: string | undefined): FoundContainer => ({
  ...{ id: node, name: `rollcall-${node}`, node, role: service === undefined ? 'balancer' : 'backend' },
  ...{ service, imageId: 'i', state: 'running', createdAt: new Date(0), spec: { image: 'x', env: {} } },
});

const wanted = (service: string, routes?: readonly string[]): WantedNodes => ({
  ...{ service, count: 1, prefix: 's', imageId: 'i', replace: true, atATime: 1 },
  spec: { image: 'my-app', env: {}, service, ...(routes && { routes }) },
});

/** With one balancer, where a service has these routes. */
function engine(service: string, routes: readonly string[], variables: Record<string, string> = {}): Engine {
  const nothing = { servers: [], refused: [], refusedClaims: [], stories: {} };
  const roleStatus = { ...nothing, services: [{ service, routes }] };
  const status = { node: 'ha', boot: 'b', role: 'balancer', phase: 'running', members: [], roleStatus };
  const told: Partial<Engine> = {
    exec: async () => ({ exitCode: 0, stdout: JSON.stringify(status), stderr: '' }),
    imageVariables: async () => variables,
  };
  return told as Engine;
}

const containers = [found('ha', undefined), found('s1', 'web')];
const check = (service: WantedNodes, at: Engine, all = containers) => checkFreeRequests([service], all, at);

it('a new service without a route is refused where another has all requests', async () => {
  await expect(check(wanted('shop'), engine('web', ['/']))).rejects.toMatchObject({
    code: 'ROUTE_REFUSED',
    message: 'nothing is said of what shop is reached by, and all requests go to web already',
  });
  const image = engine('web', ['/'], { ROLLCALL_ROUTE: '/' });
  await expect(check(wanted('shop'), image)).rejects.toThrow();
});

describe('it is let pass', () => {
  it.each<[string, WantedNodes, Engine, FoundContainer[]?]>([
    ['with a route', wanted('shop', ['/shop']), engine('web', ['/'])],
    ['with a route that is said on purpose', wanted('shop', ['/']), engine('web', ['/'])],
    ['with a route of the image', wanted('shop'), engine('web', ['/'], { ROLLCALL_ROUTE: '/shop' })],
    ['where all requests are free', wanted('shop'), engine('web', ['www.example.com'])],
    ['where it has them itself', wanted('shop'), engine('shop', ['/'])],
    ['when it is there', wanted('web'), engine('shop', ['/'])],
    ['without nodes', { ...wanted('shop'), count: 0 }, engine('web', ['/'])],
    ['where no balancer runs', wanted('shop'), engine('web', ['/']), [found('s1', 'web')]],
  ])('%s', async (_, service, at, all = containers) => {
    await expect(check(service, at, all)).resolves.toBeUndefined();
  });
});
