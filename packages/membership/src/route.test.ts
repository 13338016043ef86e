import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseRoute, parseRoutes, tcpPortOf } from './route.ts';

describe('a route', () => {
  it.each([
    ['shop.example.com/api', 'shop.example.com/api'],
    ['Shop.Example.COM/Api/', 'shop.example.com/Api'],
    ['shop.example.com', 'shop.example.com'],
    ['shop.example.com/', 'shop.example.com'],
    ['10.0.0.7/a/b', '10.0.0.7/a/b'],
    ['localhost', 'localhost'],
    ['/', '/'],
    ['/api', '/api'],
    ['/api/v1.2/~me/', '/api/v1.2/~me'],
    ['tcp:5432', 'tcp:5432'],
    ['tcp:65535', 'tcp:65535'],
  ])('%s is %s', (text, route) => {
    expect(parseRoute(text)).toBe(route);
  });

  it.each([
    ...['', '//', '/a//b', '/../etc', '/a/./b', '/a b', '/a,b', '/a?b', '/a#b', '/a;b', '/a\n', '/{{x}}'],
    ...[
      'a_b.example',
      '.example.com',
      'example..com',
      '-a.example',
      '*.example.com',
      'shop.example.com:8080',
    ],
    ...[
      'tcp:0',
      'tcp:65536',
      'tcp:080',
      'tcp:',
      'TCP:80',
      'tcp:80/api',
      'http://example.com/',
      'x'.repeat(300),
    ],
  ])('is not %j', (text) => {
    expect(parseRoute(text)).toBeUndefined();
  });

  it('is spelled in one way, whatever it was spelled from', () => {
    const anything = fc.oneof(fc.string(), fc.stringMatching(/^[A-Za-z0-9.:/-]{1,30}$/));
    fc.assert(
      fc.property(anything, (text) => {
        const route = parseRoute(text);
        fc.pre(route !== undefined);
        expect(parseRoute(route ?? '')).toBe(route);
        expect(route).toMatch(/^[ -~]+$/);
        expect(route).not.toMatch(/[\s,;#|'"\\{}]/);
      }),
    );
  });
});

describe('a list of routes', () => {
  it('is separated by commas, and keeps each once', () => {
    expect(parseRoutes('/api, Shop.example.com ,/api/')).toEqual(['/api', 'shop.example.com']);
    expect(parseRoutes('tcp:5432,tcp:5433')).toEqual(['tcp:5432', 'tcp:5433']);
  });
  it.each(['', '/,', '/api,,/b', '/api,tcp:5432', '/api /b'])('is not %j', (text) => {
    expect(parseRoutes(text)).toBeUndefined();
  });
});

it('a TCP route has a port, and no other has', () => {
  expect(['tcp:5432', '/', 'tcp', 'tcp.example/5432'].map(tcpPortOf)).toEqual([
    5432,
    undefined,
    undefined,
    undefined,
  ]);
});
