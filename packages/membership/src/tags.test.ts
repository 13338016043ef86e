import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type BackendTags, claimsOf, encodeTags, isBackend, parseTags, type Tags } from './tags.ts';

const boot = fc.stringMatching(/^[0-9a-f]{12}$/);
const path = fc.stringMatching(/^\/[a-z0-9/?=&_-]{0,40}$/);
const check = fc.oneof(
  fc.constant({ by: 'tcp' as const }),
  path.map((path) => ({ by: 'http' as const, path })),
);
const claims = fc.uniqueArray(
  fc.record({
    route: fc.oneof(
      fc.stringMatching(/^[a-z0-9]{1,8}\.example(\/[a-zA-Z0-9._~%+:=&@-]{0,5}[a-z])?$/),
      fc.stringMatching(/^\/[a-z]{0,8}$/),
    ),
    since: fc.nat(Date.UTC(2050)),
  }),
  { selector: ({ route }) => route, minLength: 1, maxLength: 5 },
);
const backends: fc.Arbitrary<BackendTags> = fc.record({
  role: fc.constant('backend' as const),
  boot,
  service: fc.stringMatching(/^[a-z][a-z0-9-]{0,20}$/),
  port: fc.integer({ min: 1, max: 65_535 }),
  state: fc.constantFrom('starting', 'ready', 'draining'),
  weight: fc.integer({ min: 1, max: 256 }),
  check,
});
const claimants = fc.tuple(backends, claims).map(([tags, claims]): BackendTags => ({ ...tags, claims }));
const plain = fc.record({ role: fc.constantFrom('balancer', 'member'), boot });

const backend: BackendTags = {
  role: 'backend',
  boot: '0123456789ab',
  service: 'web',
  port: 3000,
  state: 'ready',
  weight: 100,
  check: { by: 'http', path: '/health' },
};
const raw = encodeTags(backend);

test('a backend travels under short keys', () => {
  expect(raw).toEqual({
    v: '1',
    role: 'backend',
    boot: '0123456789ab',
    svc: 'web',
    port: '3000',
    state: 'ready',
    w: '100',
    chk: '/health',
  });
});

test('routes travel with the time at which they were first claimed', () => {
  const claims = [
    { route: 'shop.example.com/api', since: 36 },
    { route: '/', since: 0 },
  ];
  expect(encodeTags({ ...backend, claims })['rt']).toBe('10:shop.example.com/api,0:/');
});

test('who says nothing of routes claims everything, since ever', () => {
  expect(claimsOf(backend)).toEqual([{ route: '/', since: 0 }]);
});

test('what one end encodes, the other understands', () => {
  fc.assert(
    fc.property(fc.oneof<fc.Arbitrary<Tags>[]>(backends, claimants, plain), (tags) => {
      expect(parseTags(encodeTags(tags))).toEqual({ tags });
      expect(isBackend(tags)).toBe(tags.role === 'backend');
    }),
  );
});

test('tags that a later version adds do not matter', () => {
  expect(parseTags({ ...raw, zone: 'eu' })).toEqual({ tags: backend });
});

test.each<[string, Record<string, unknown>, string]>([
  ['nothing at all', {}, 'it has not said its role yet'],
  ['another version', { ...raw, v: '2' }, 'tag "v" must be 1, the version this node understands, is "2"'],
  ['no role', { v: '1', boot: 'x' }, 'tag "role" is missing'],
  [
    'a role with a blank',
    { v: '1', role: 'a b', boot: 'x' },
    'tag "role" must be a lower-case word, is "a b"',
  ],
  ['no port', { ...raw, port: undefined }, 'tag "port" is missing'],
  [
    'a port too high',
    { ...raw, port: '65536' },
    'tag "port" must be a whole number from 1 to 65535, is "65536"',
  ],
  [
    'a port with a sign',
    { ...raw, port: '+1' },
    'tag "port" must be a whole number from 1 to 65535, is "+1"',
  ],
  ['a port in hex', { ...raw, port: '0x10' }, 'tag "port" must be a whole number from 1 to 65535, is "0x10"'],
  ['a weight of none', { ...raw, w: '0' }, 'tag "w" must be a whole number from 1 to 256, is "0"'],
  ['a state unheard of', { ...raw, state: 'up' }, 'tag "state" must be starting, ready or draining, is "up"'],
  [
    'a template as service',
    { ...raw, svc: '}}{{' },
    'tag "svc" must be a service name: letters, digits and ._-, is "}}{{"',
  ],
  ['a way up', { ...raw, chk: '/a/../b' }, 'tag "chk" must be a path without .., is "/a/../b"'],
  [
    'a second line',
    { ...raw, chk: '/\nserver x' },
    'tag "chk" must be a path of letters, digits and /._~%?=&:@,;+-, is "/\\nserver x"',
  ],
  ...[
    '',
    '0:',
    '0:/,',
    '/',
    '0:/a/',
    '0:/,1:/',
    '0:/,0:tcp:80',
    '0:tcp:0',
    '-1:/',
    '00:/',
    '0:A.example',
  ].map((rt): [string, Record<string, unknown>, string] => [
    `the claims "${rt}"`,
    { ...raw, rt },
    `tag "rt" must be routes, each after the time of its claim, is "${rt}"`,
  ]),
  ['a number', { ...raw, boot: 5 }, 'tag "boot" must be string, is 5'],
  [
    '500 characters',
    { ...raw, boot: 'x'.repeat(500) },
    `tag "boot" must be lower-case letters and digits, is "${'x'.repeat(39)}...`,
  ],
])('%s is refused in plain words', (_what, tags, refused) => {
  expect(parseTags(tags)).toEqual({ refused });
});

test('whatever comes in, parsing does not throw, and the reason is one line', () => {
  const anything = fc.oneof(fc.string(), fc.anything());
  const keys = fc.constantFrom('v', 'role', 'boot', 'svc', 'port', 'state', 'w', 'chk', 'rt', '__proto__');
  fc.assert(
    fc.property(fc.dictionary(keys, anything), (mess) => {
      const parsed = parseTags({ ...raw, ...mess });
      if ('refused' in parsed) expect(parsed.refused).toMatch(/^[ -~]{1,200}$/);
    }),
  );
});

test('tags that others would refuse are not announced', () => {
  const code = { code: 'TAGS_INVALID' };
  expect(() => encodeTags({ ...backend, port: 0 })).toThrow(expect.objectContaining(code));
  expect(() => encodeTags({ role: 'backend', boot: 'x' })).toThrow(expect.objectContaining(code));
  expect(() => encodeTags({ role: 'Admin', boot: 'x' })).toThrow(expect.objectContaining(code));
});

test('tags of more than 512 bytes are not announced', () => {
  const long = (length: number) => ({
    ...backend,
    check: { by: 'http' as const, path: `/${'x'.repeat(length)}` },
  });
  expect(encodeTags(long(300))['chk']).toHaveLength(301);
  expect(() => encodeTags(long(500))).toThrow(expect.objectContaining({ code: 'TAGS_TOO_LONG' }));
});
