import { describe, expect, it } from 'vitest';
import { backendVariables } from './variables.ts';

const variables = backendVariables({ port: 3000, check: '/' });

describe('ROLLCALL_CHECK', () => {
  it.each([
    ['tcp', { by: 'tcp' }],
    ['/', { by: 'http', path: '/' }],
    ['/health?deep=1', { by: 'http', path: '/health?deep=1' }],
  ])('takes %s', (text, check) => {
    expect(variables.check.parse(text)).toEqual(check);
  });

  it.each(['health', 'TCP', 'http://example.com/', '/a b', '/a\r\nx: y', '/../etc', `/${'x'.repeat(500)}`])(
    'refuses %j',
    (text) => expect(variables.check.parse(text)).toBeUndefined(),
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
