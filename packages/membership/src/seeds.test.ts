import { expect, test } from 'vitest';
import { parseSeed, resolveSeeds } from './seeds.ts';

test.each([
  ['rollcall', 'rollcall', 7946],
  ['rollcall:8000', 'rollcall', 8000],
  ['tasks.web_app', 'tasks.web_app', 7946],
  ['10.0.0.1', '10.0.0.1', 7946],
  ['10.0.0.1:1', '10.0.0.1', 1],
  ['::1', '::1', 7946],
  ['[2001:db8::1]', '2001:db8::1', 7946],
  ['[2001:db8::1]:65535', '2001:db8::1', 65_535],
])('%s is %s, port %i', (text, host, port) => {
  expect(parseSeed(text, 7946)).toEqual({ host, port });
});

test.each(['', ':80', 'a:0', 'a:65536', 'a:b', 'a b', 'a:1:2', '[host]:1', '[::1', 'http://a', 'a/b', '-x'])(
  '%j is refused',
  (text) => {
    expect(() => parseSeed(text, 7946)).toThrow(expect.objectContaining({ code: 'SEED_INVALID' }));
  },
);

test('seeds become addresses, each once; a name that nobody knows becomes none', async () => {
  const seeds = ['127.0.0.1', 'no-such-host.invalid', '127.0.0.1:7946', '[::1]:5'].map((text) =>
    parseSeed(text, 7946),
  );
  expect(await resolveSeeds(seeds, 60_000)).toEqual(['127.0.0.1:7946', '[::1]:5']);
});
