import { expect, test } from 'vitest';
import { generateGossipKey, parseGossipKey } from './gossip-key.ts';

const base64 = (bytes: number) => Buffer.alloc(bytes, 0xfb).toString('base64');

test('a generated key is a key of 32 bytes, and never the same', () => {
  const key = generateGossipKey();
  expect(parseGossipKey(key)).toBe(key);
  expect(Buffer.from(key, 'base64')).toHaveLength(32);
  expect(generateGossipKey()).not.toBe(key);
});

test.each([16, 24, 32])('%i bytes are a key, with the newline of the file it came from', (bytes) => {
  expect(parseGossipKey(`${base64(bytes)}\n`)).toBe(base64(bytes));
});

test.each([
  ['', '0 bytes'],
  [base64(15), '15 bytes'],
  [base64(64), '64 bytes'],
  ['not base64!', 'not base64'],
  [base64(32).replaceAll('+', '-').replaceAll('/', '_'), 'not base64'],
  [base64(32).replace('=', ''), 'not base64'],
])('%j is refused, and not shown', (text, why) => {
  expect(() => parseGossipKey(text)).toThrow(
    expect.objectContaining({ code: 'GOSSIP_KEY_INVALID', message: expect.stringContaining(why) }),
  );
  if (text) expect(() => parseGossipKey(text)).toThrow(expect.not.stringContaining(text));
});
