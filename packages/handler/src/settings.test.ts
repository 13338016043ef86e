import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { gossipKey, settings } from './settings.ts';

describe('ROLLCALL_JOIN', () => {
  it.each([
    ['rollcall', ['rollcall']],
    ['a, b.example.com:7000 ,10.0.0.1', ['a', 'b.example.com:7000', '10.0.0.1']],
    ['[fd00::1]:7946,fd00::2', ['[fd00::1]:7946', 'fd00::2']],
  ])('takes %j', (text, seeds) => {
    expect(settings.join.parse(text)).toEqual(seeds);
  });

  it.each(['a,,b', 'a b', 'a:0', 'a:99999', '-a', 'a:', 'http://a', '[fd00::1', 'a;b'])(
    'refuses %j',
    (text) => {
      expect(settings.join.parse(text)).toBeUndefined();
    },
  );
});

describe('ROLLCALL_ADVERTISE', () => {
  it.each(['10.0.0.1', '10.0.0.1:7000', '[fd00::1]:7000', 'fd00::1'])('takes %j', (text) => {
    expect(settings.advertise.parse(text)).toBe(text);
  });

  it.each(['host', '10.0.0.1:', '10.0.0.1:x', '10.0.0', '10.0.0.1:70000'])('refuses %j', (text) => {
    expect(settings.advertise.parse(text)).toBeUndefined();
  });
});

describe('the gossip key', () => {
  const key = Buffer.alloc(32, 7).toString('base64');
  const file = join(mkdtempSync(join(tmpdir(), 'rollcall-key-')), 'gossip.key');

  it('is the given one first', () => {
    expect(gossipKey(key, '/nowhere')).toBe(key);
  });

  it('is absent where neither variable nor file is', () => {
    expect(gossipKey(undefined, '/nowhere')).toBeUndefined();
  });

  it('is read from the file', () => {
    writeFileSync(file, `${key}\n`);
    expect(gossipKey(undefined, file)).toBe(key);
  });

  it('is never a bad one', () => {
    writeFileSync(file, 'short');
    expect(() => gossipKey(undefined, file)).toThrow(`${file}: The gossip key`);
  });
});
