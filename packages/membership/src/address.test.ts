import { isIP } from 'node:net';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { gossipAddress, ipLiteral } from './address.ts';

const hex = (text: string) => Uint8Array.from(Buffer.from(text.replaceAll(' ', ''), 'hex'));

test.each([
  ['0a000001', '10.0.0.1'],
  ['0000 0000 0000 0000 0000 ffff 0a00 0001', '10.0.0.1'],
  ['2001 0db8 0000 0000 0000 0000 0000 0001', '2001:db8::1'],
  ['fe80 0000 0000 0000 0001 0002 0003 0004', 'fe80::1:2:3:4'],
])('%s is %s', (bytes, literal) => {
  expect(ipLiteral(hex(bytes))).toBe(literal);
});

test('4 or 16 bytes are always an address, others never', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 20 }), (bytes) => {
      const literal = ipLiteral(bytes);
      expect(literal !== undefined).toBe(bytes.length === 4 || bytes.length === 16);
      if (literal !== undefined) expect(isIP(literal)).toBeGreaterThan(0);
    }),
  );
});

test('IPv6 is put in brackets before a port', () => {
  expect([gossipAddress('10.0.0.1', 1), gossipAddress('::1', 1)]).toEqual(['10.0.0.1:1', '[::1]:1']);
});
