import { describe, expect, it } from 'vitest';
import { backendVariables } from './variables.ts';

const variables = backendVariables({ port: 3000, check: '/' });

describe('ROLLCALL_CHECK', () => {
  it.each([
    ['tcp', { by: 'tcp' }],
    ['/', { by: 'http', path: '/' }],
    [`/${'x'.repeat(127)}`, { by: 'http', path: `/${'x'.repeat(127)}` }],
    ['/health?deep=1', { by: 'http', path: '/health?deep=1' }],
  ])('takes %s', (text, check) => {
    expect(variables.check.parse(text)).toEqual(check);
  });

  it.each(['health', 'TCP', 'http://example.com/', '/a b', '/a\r\nx: y', '/../etc', `/${'x'.repeat(128)}`])(
    'refuses %j',
    (text) => expect(variables.check.parse(text)).toBeUndefined(),
  );
});

describe('ROLLCALL_ROUTE', () => {
  it.each([
    ['/', ['/']],
    ['shop.example.com/api, /shop', ['shop.example.com/api', '/shop']],
    ['tcp:5432', ['tcp:5432']],
  ])('takes %j', (text, routes) => {
    expect(variables.routes.parse(text)).toEqual(routes);
  });

  it('is everything when it is not set', () => {
    expect(variables.routes.fallback).toEqual(['/']);
  });

  const routes = (count: number) => Array.from({ length: count }, (_, at) => `/route-${10 + at}`).join(',');
  it('takes what fits into the tags of a node, in bytes', () => {
    expect(variables.routes.parse(routes(13))).toHaveLength(13);
    expect(variables.routes.parse(routes(16))).toBeUndefined();
    expect(variables.routes.parse(`/${'x'.repeat(500)}`)).toBeUndefined();
  });

  it.each(['shop/..', 'tcp:0', '/a,tcp:80', 'http://shop.example.com/', '/a b', ','])(
    'refuses %j',
    (text) => {
      expect(variables.routes.parse(text)).toBeUndefined();
    },
  );
});

describe('ROLLCALL_SERVICE', () => {
  it.each(['web', 'shop-2', 's'.repeat(32)])('takes %s', (text) => {
    expect(variables.service.parse(text)).toBe(text);
  });

  it.each(['-web', 'a b', 'web\n', 's'.repeat(33), '}}{{'])('refuses %j', (text) => {
    expect(variables.service.parse(text)).toBeUndefined();
  });
});
