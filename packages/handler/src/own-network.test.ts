import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import type { NetworkInterfaceInfo } from 'node:os';
import { expect, it, onTestFinished, vi } from 'vitest';
import { addressTowards, ownAddresses, requireFree } from './own-network.ts';

async function portInUse(): Promise<number> {
  const server = createServer().listen(0, '0.0.0.0');
  onTestFinished(() => void server.close());
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

it('a gossip port that another program has is refused, saying what to do', async () => {
  await expect(requireFree(await portInUse())).rejects.toMatchObject({
    code: 'BAD_CONFIGURATION',
    message: expect.stringContaining('choose another with ROLLCALL_GOSSIP_PORT'),
  });
});

const at = (address: string, internal = false): NetworkInterfaceInfo => {
  const rest = { address, internal, netmask: '', mac: '00:00:00:00:00:00', cidr: null };
  return address.includes(':') ? { ...rest, family: 'IPv6', scopeid: 0 } : { ...rest, family: 'IPv4' };
};

const bridge = '127.0.0.1 localhost\n10.0.0.2\tc0ffee';

it.each([
  ['one', { lo: [at('127.0.0.1', true)], eth0: [at('10.0.0.2'), at('10.0.0.3')] }, bridge, ['10.0.0.2']],
  [
    'one, and one that the agent does not speak',
    { eth0: [at('10.0.0.2')], eth1: [at('fd00::2')] },
    bridge,
    ['10.0.0.2'],
  ],
  [
    'two',
    { eth0: [at('10.0.0.2')], eth1: [at('10.1.0.2'), at('fd00::2')] },
    `${bridge}\n10.1.0.2\tc0ffee\n`,
    ['10.0.0.2', '10.1.0.2'],
  ],
  [
    'one, and the way out of a Swarm',
    { eth0: [at('10.0.0.2')], eth1: [at('172.18.0.3')] },
    bridge,
    ['10.0.0.2'],
  ],
  [
    "two of the machine's own",
    { eth0: [at('10.0.0.2')], eth1: [at('10.1.0.2')] },
    '127.0.0.1 localhost',
    ['10.0.0.2', '10.1.0.2'],
  ],
  ['none', { lo: [at('127.0.0.1', true)] }, bridge, []],
])('of %s, there is one address for each network that others reach', (_, interfaces, hosts, own) => {
  expect(ownAddresses(interfaces, hosts)).toEqual(own);
});

it('an address that only leads to the node itself is not announced: it says what to do', async () => {
  const onWaiting = vi.fn();
  await expect(
    addressTowards(['127.0.0.1:7946', 'localhost', '[::1]'], onWaiting, 2_000),
  ).rejects.toMatchObject({
    code: 'BAD_CONFIGURATION',
    message: expect.stringContaining('set ROLLCALL_ADVERTISE'),
  });
  expect(onWaiting).toHaveBeenCalledOnce();
});
