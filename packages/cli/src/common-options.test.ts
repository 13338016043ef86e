import { expect, it } from 'vitest';
import { routes, serviceName } from './common-options.ts';

const route = routes({ otherwise: '/' });

it('routes are kept in their one spelling', () => {
  expect(route.parse(['Shop.Example/api/', '/x, shop.example'], '--route')).toEqual([
    'shop.example/api',
    '/x',
    'shop.example',
  ]);
  expect(route.parse(undefined, '--route')).toBeUndefined();
});

it.each([
  [['shop.example', 'http://x'], '--route "http://x" is not allowed; it must be a list'],
  [['tcp:70000'], '--route "tcp:70000" is not allowed'],
  [['/a', 'tcp:5432'], '--route "/a,tcp:5432" is not allowed; it must be a list'],
  [[''], '--route "" is not allowed'],
  [[`/${'long'.repeat(120)}`], "bytes of the node's tags"],
])('the routes %j are refused', (given, message) => {
  expect(() => route.parse(given, '--route')).toThrow(message);
});

it('a service has a name that fits into its tag', () => {
  const name = serviceName({ about: 'x' });
  expect(name.parse(['shop-2'], '--service')).toBe('shop-2');
  for (const text of ['', '-x', 'a b', 'x'.repeat(33)]) {
    expect(() => name.parse([text], '--service')).toThrow('it must be the name of a service: letters');
  }
});
