import { expect, it } from 'vitest';
import type { ContainerLine, Overview } from './overview.ts';
import { wayBy, whereItIs } from './where-it-is.ts';

const place = { bind: '0.0.0.0', http: 8080, stats: 1936, tcp: { 5432: 5433 } };

it.each([
  ['/', 'curl http://127.0.0.1:8080/'],
  ['/api', 'curl http://127.0.0.1:8080/api'],
  ['shop.example', 'curl -H "Host: shop.example" http://127.0.0.1:8080/'],
  ['shop.example/a/b', 'curl -H "Host: shop.example" http://127.0.0.1:8080/a/b'],
  ['tcp:5432', 'nc 127.0.0.1 5433'],
  ['tcp:6000', undefined],
])('the way by the route %s', (route, command) => {
  expect(wayBy(route, place)).toBe(command);
});

it('tells how each service is reached, and what is not as it should be', () => {
  const container: ContainerLine = {
    ...{ name: 'c', id: 'i', state: 'running', exitCode: null, image: 'x', imageId: 'x' },
    ...{ createdAt: '2026-01-01T00:00:00Z', published: place, app: null },
  };
  const overview: Overview = {
    cluster: 'blue',
    nodes: [{ node: 'ha', role: 'balancer', service: null, container, phase: 'running', seenBy: {} }],
    services: [
      { service: 'db', routes: { ha: ['tcp:5432'] } },
      { service: 'shop', routes: { ha: ['shop.example'] } },
    ],
    refusedRoutes: [{ by: 'ha', service: 'shop', route: '/', reason: 'is held by web', heldBy: 'web' }],
    unpublished: [],
    refused: [],
    problems: [],
  };
  const text = whereItIs(overview, [{ service: 'shop', count: 2 }], false, (_colour, words) => words);
  expect(text.replaceAll('npx rollcall', 'rollcall')).toBe(`blue is up: 1 balancer, 2 shop nodes

  ha        http://127.0.0.1:8080/  stats page http://127.0.0.1:1936/  tcp:5432 at 127.0.0.1:5433

What to try next:
  nc 127.0.0.1 5433
  curl -H "Host: shop.example" http://127.0.0.1:8080/
  rollcall ps --cluster blue
  rollcall scale 4 --service shop --cluster blue
  rollcall --help

Refused routes
  / for shop (at ha): it is held by web
`);
});
