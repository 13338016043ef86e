import { expect, it } from 'vitest';
import { rpcPortFor } from './rpc-port.ts';

it.each([
  [7946, 7373],
  [7947, 7374],
  [574, 1],
  [573, 65_535],
  [1, 64_963],
  [65_535, 64_962],
])('with gossip on %i the RPC is on %i', (gossipPort, rpcPort) => {
  expect(rpcPortFor(gossipPort)).toBe(rpcPort);
});
