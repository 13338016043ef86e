import type { NetworkInterfaceInfo } from 'node:os';
import { expect, it } from 'vitest';
import { hasLostNetwork } from './lost-network.ts';

const at = (address: string, internal: boolean): NetworkInterfaceInfo => ({
  ...{ address, internal, family: 'IPv4', netmask: '255.0.0.0', mac: '00:00:00:00:00:00' },
  cidr: null,
});
const lo = [at('127.0.0.1', true)];

it.each([
  ['loopback and a network', { lo, eth0: [at('10.0.0.2', false)] }, false],
  ['loopback alone', { lo }, true],
  ['nothing', {}, true],
])('with %s the network is lost: %#', (_, interfaces, lost) => {
  expect(hasLostNetwork(interfaces)).toBe(lost);
});
