import { DEFAULT_GOSSIP_PORT } from '@rollcall/membership';

const USUAL_RPC_PORT = 7373;
const HIGHEST = 65_535;

/**
 * The agent's port for RPC: 7373, and as far from it as the gossip port is from its usual one. Nodes that share one
 * network, loopback included, have gossip ports of their own.
 */
export function rpcPortFor(gossipPort: number): number {
  const port = USUAL_RPC_PORT + gossipPort - DEFAULT_GOSSIP_PORT;
  return port >= 1 ? port : port + HIGHEST;
}
