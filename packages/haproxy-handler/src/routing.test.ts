import type { Claim } from '@rollcall/membership';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { registered } from './examples.ts';
import { type RoutingQuestion, routingOf } from './routing.ts';
import { backendFor, type Registered } from './server.ts';

/** A node of a service that claims routes, each as `ROUTE SINCE`. */
function node(name: string, service: string, claims: string[], more: Partial<Registered> = {}): Registered {
  const parsed = claims.map((each): Claim => {
    const [route = '', since] = each.split(' ');
    return { route, since: Number(since) };
  });
  return registered(name, { service, claims: parsed, backend: backendFor(service, parsed), ...more });
}

const routing = (servers: readonly Registered[], more: Partial<RoutingQuestion> = {}) =>
  routingOf({
    servers,
    up: undefined,
    ownPorts: [80, 1936, 7946, 7373],
    held: undefined,
    sections: undefined,
    refusedSections: new Map(),
    ...more,
  });
const routesOf = (...question: Parameters<typeof routing>) => Object.fromEntries(routing(...question).routes);

it('each service gets what it asks for, by host, path and port', () => {
  const servers = [
    node('s1', 'web', ['/ 0']),
    node('s2', 'shop', ['shop.example.com 5', '/shop 5', 'api.example.com/v1 5']),
    node('s3', 'db', ['tcp:5432 5']),
  ];
  const { routes, granted, refused } = routing(servers);
  expect(Object.fromEntries(routes)).toEqual({
    '/': 'web',
    'shop.example.com/': 'shop',
    '/shop/': 'shop',
    'api.example.com/v1/': 'shop',
    'tcp:5432': 'tcp:db',
  });
  expect(Object.fromEntries(granted)).toEqual({
    db: ['tcp:5432'],
    shop: ['/shop', 'api.example.com/v1', 'shop.example.com'],
    web: ['/'],
  });
  expect(refused).toEqual([]);
});

describe('where two ask for the same', () => {
  const older = node('s1', 'web', ['/ 3', '/a 3']);
  const younger = node('s2', 'shop', ['/ 4', '/b 4']);

  it('the older one has it, and the other one the rest of its routes', () => {
    const { routes, refused } = routing([younger, older]);
    expect(Object.fromEntries(routes)).toEqual({ '/': 'web', '/a/': 'web', '/b/': 'shop' });
    expect(refused).toEqual([
      {
        ...{ service: 'shop', route: '/', heldBy: 'web', nodes: ['s2'] },
        reason: 'is held by web, which claimed it first',
      },
    ]);
  });
  it('and at the same time, the first by name', () => {
    const { routes, refused } = routing([older, node('s2', 'shop', ['/ 3'])]);
    expect(routes.get('/')).toBe('shop');
    expect(refused).toMatchObject([{ reason: 'is held by shop, which claimed it at the same time' }]);
  });
  it('a service is as old as the oldest of its nodes', () => {
    expect(routesOf([older, younger, node('s3', 'shop', ['/ 1'])])['/']).toBe('shop');
  });
  it.each<[string, Partial<Registered>, Partial<RoutingQuestion>]>([
    ['is drained', { mode: 'maint' }, {}],
    ['has failed, and HAProxy does not reach it', { suspectSince: 1 }, { up: new Map([['web/s1', false]]) }],
  ])('one whose last node %s yields it, and is not told of it', (_, more, question) => {
    const { routes, refused } = routing([{ ...older, ...more }, younger], question);
    expect(Object.fromEntries(routes)).toEqual({ '/': 'shop', '/a/': 'web', '/b/': 'shop' });
    expect(refused).toEqual([]);
  });
  it.each<[string, Partial<Registered>, Partial<RoutingQuestion>]>([
    ["HAProxy's check finds down for the moment", {}, { up: new Map([['web/s1', false]]) }],
    ['has failed, but is reached', { suspectSince: 1 }, { up: new Map([['web/s1', true]]) }],
  ])('one whose last node %s keeps it', (_, more, question) => {
    expect(routesOf([{ ...older, ...more }, younger], question)['/']).toBe('web');
  });
  it.each<[string, Partial<Registered>, Partial<RoutingQuestion>]>([
    ['has failed', { suspectSince: 1 }, {}],
    ['has failed, and HAProxy does not reach it', { suspectSince: 1 }, { up: new Map([['web/s1', false]]) }],
    ['is drained', { mode: 'maint' }, {}],
  ])('a node that %s tells no age while others of its service are there', (_, more, question) => {
    const comesBack = node('s3', 'web', ['/ 9', '/a 9']);
    const { routes, refused } = routing([{ ...older, ...more }, comesBack, younger], question);
    expect(routes.get('/')).toBe('shop');
    expect(refused).toMatchObject([{ service: 'web', route: '/', nodes: ['s1', 's3'] }]);
  });
  it('a node that drains tells the age of the service that has the route, as others may not know it yet', () => {
    const heir = node('s3', 'web', ['/ 9']);
    const servers = [{ ...older, mode: 'maint' as const }, heir, younger];
    expect(routesOf(servers, { held: new Map([['/', 'web']]) })['/']).toBe('web');
    expect(routesOf(servers, { held: new Map([['/', 'shop']]) })['/']).toBe('shop');
  });
  it('a node that HAProxy does not reach tells no age while others do that have failed, too', () => {
    const failed = [older, node('s3', 'web', ['/ 9'])].map((each) => ({ ...each, suspectSince: 1 }));
    const up = new Map([['web/s1', false]]);
    expect(routesOf([...failed, younger], { up })['/']).toBe('shop');
  });
  it('an older one that comes back waits until HAProxy has a backend for it', () => {
    const { routes, refused } = routing([older, younger], { sections: new Set(['shop']) });
    expect(Object.fromEntries(routes)).toEqual({ '/': 'shop', '/b/': 'shop' });
    expect(refused).toEqual([]);
  });
});

describe('what nobody may have', () => {
  it.each([80, 1936, 7946, 7373])("the balancer's own port %d", (port) => {
    const { routes, refused } = routing([node('s1', 'db', [`tcp:${port} 1`, 'tcp:5432 1'])]);
    expect([...routes]).toEqual([['tcp:5432', 'tcp:db']]);
    expect(refused).toEqual([
      { service: 'db', route: `tcp:${port}`, reason: 'is a port of this balancer itself', nodes: ['s1'] },
    ]);
  });
  it('what HAProxy cannot have: a port, or a service', () => {
    const servers = [node('s1', 'db', ['tcp:5432 1', 'tcp:5433 1']), node('s2', 'shop', ['/shop 1'])];
    const refusedSections = new Map([
      ['*:5432', 'cannot be had: in use'],
      ['shop', 'has no place in /own.hbs'],
    ]);
    const { routes, refused } = routing(servers, { refusedSections });
    expect([...routes.keys()]).toEqual(['tcp:5433']);
    expect(refused.map(({ route, reason }) => `${route} ${reason}`)).toEqual([
      'tcp:5432 cannot be had: in use',
      '/shop has no place in /own.hbs',
    ]);
  });
  it('an older one without a place does not keep a younger one from it', () => {
    const servers = [node('s1', 'blog', ['/ 1']), node('s2', 'web', ['/ 5'])];
    expect(routesOf(servers, { refusedSections: new Map([['blog', 'has no place']]) })).toEqual({
      '/': 'web',
    });
  });
});

describe('whoever asks for whatever', () => {
  const claim = fc.record({
    route: fc.constantFrom('/', '/a', 'x.example', 'x.example/a'),
    since: fc.integer({ min: 0, max: 3 }),
  });
  const anyNode = fc.record({
    name: fc.constantFrom('s1', 's2', 's3', 's4', 's5'),
    service: fc.constantFrom('web', 'shop', 'blog'),
    mode: fc.constantFrom('ready', 'maint' as const),
    claims: fc.uniqueArray(claim, { selector: ({ route }) => route }),
  });
  const nodes = fc
    .uniqueArray(anyNode, { selector: ({ name }) => name })
    .map((all) => all.map(({ name, ...more }) => registered(name, { ...more, backend: more.service })));

  it('each route has one service that asks for it, and the order of the nodes does not matter', () => {
    fc.assert(
      fc.property(nodes, (servers) => {
        const { routes, granted } = routing(servers);
        const asked = new Set(servers.flatMap(({ claims }) => claims.map(({ route }) => route)));
        expect(routes.size).toBe(asked.size);
        for (const [service, each] of granted)
          for (const route of each)
            expect(
              servers.some((it) => it.service === service && it.claims.some((one) => one.route === route)),
            ).toBe(true);
        expect(routing([...servers].reverse()).routes).toEqual(routes);
      }),
    );
  });
});
