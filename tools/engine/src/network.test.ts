import { expect, test } from 'vitest';
import { bridgesIn, networkRules } from './network.ts';

test('the rules name nothing but the engine’s own chain and pool', () => {
  const { own, jumps } = networkRules({ chain: 'ROLLCALL-1' }, '10.77.0.0/16');
  expect(own.every(({ chain, rule }) => chain === 'ROLLCALL-1' && rule.includes('10.77.0.0/16'))).toBe(true);
  expect(jumps.map(({ rule }) => rule.join(' '))).toEqual(['-j ROLLCALL-1', '-j ROLLCALL-1']);
});

test('the bridges of Docker networks in a pool are found, and no others', () => {
  const lines = [
    '1: lo    inet 127.0.0.1/8 scope host lo',
    '5: docker0    inet 172.17.0.1/16 scope global docker0',
    '7: br-0123456789ab    inet 10.77.3.1/24 brd 10.77.3.255 scope global br-0123456789ab',
    '8: br-fedcba987654    inet 10.78.3.1/24 brd 10.78.3.255 scope global br-fedcba987654',
    '9: tap0    inet 10.77.9.1/24 scope global tap0',
  ];
  expect(bridgesIn('10.77.0.0/16', lines)).toEqual(['br-0123456789ab']);
});
