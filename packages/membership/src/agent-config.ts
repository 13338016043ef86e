import { isIP } from 'node:net';
import { MembershipError } from './errors.ts';
import { isNodeName } from './node-name.ts';

export const DEFAULT_GOSSIP_PORT = 7946;

export interface AgentSettings {
  /** The node's name; must pass `isNodeName`. */
  name: string;
  /** Where the agents talk to each other, TCP and UDP. */
  gossipPort: number;
  /** `ip` or `ip:port` (`[IPv6]:port`) that others are told to reach this node at; default: the container's own. */
  advertise?: string;
  /** Base64 of 16, 24 or 32 bytes; without it gossip is not encrypted. */
  key?: string;
  /** Where the agent listens on loopback for RPC. */
  rpcPort: number;
  /** The secret without which RPC is refused. */
  rpcAuth: string;
}

/**
 * Serf's own configuration file, as the object to be written as JSON (`serf agent -config-file`).
 * It names no seeds and no tags: both are the handler's to give by RPC, again after each start of the agent. For that
 * reason there is no snapshot either; the room remembers the addresses.
 * Throws `AGENT_CONFIG_INVALID`.
 */
export function agentConfig(settings: AgentSettings): Record<string, string | boolean> {
  const { name, gossipPort, advertise, key, rpcPort, rpcAuth } = settings;
  if (!isNodeName(name))
    throw invalid(`The node name ${JSON.stringify(name)} is not letters, digits and ._-`);
  if (rpcAuth === '') throw invalid('The rpc_auth key is empty');
  return {
    node_name: name,
    bind: `0.0.0.0:${portNumber(gossipPort)}`,
    ...(advertise !== undefined && { advertise: hostAndPort(advertise, gossipPort) }),
    ...(key !== undefined && { encrypt_key: key }),
    rpc_addr: `127.0.0.1:${portNumber(rpcPort)}`,
    rpc_auth: rpcAuth,
    log_level: 'INFO',
    // The local profile loses joins and leaves in small clusters.
    profile: 'lan',
    // SIGINT leaves; a SIGTERM from elsewhere ends the agent without a word, and it is restarted.
    leave_on_terminate: false,
    skip_leave_on_interrupt: false,
    // How often one failed node is tried again, and how long it is remembered, failed or left. Serf's own 24 h would
    // fill the view of an elastic cluster with the dead; a node that is back later joins by its seeds.
    reconnect_interval: '5s',
    reconnect_timeout: '5m',
    tombstone_timeout: '5m',
  };
}

function hostAndPort(advertise: string, defaultPort: number): string {
  const bracketed = /^\[(.+)\](?::(\d+))?$/.exec(advertise);
  const plain = isIP(advertise) ? [advertise, advertise] : /^([\d.]+):(\d+)$/.exec(advertise);
  const [, host, port] = bracketed ?? plain ?? [];
  if (host === undefined || isIP(host) === 0) {
    throw invalid(`The address to advertise, ${JSON.stringify(advertise)}, is not an IP address or ip:port`);
  }
  // Serf would fall back to 7946, whatever the bind port.
  const number = portNumber(port === undefined ? defaultPort : Number(port));
  return isIP(host) === 6 ? `[${host}]:${number}` : `${host}:${number}`;
}

function portNumber(port: number): number {
  if (Number.isInteger(port) && port >= 1 && port <= 65_535) return port;
  throw invalid(`The port ${port} is not a whole number from 1 to 65535`);
}

function invalid(what: string): MembershipError {
  return new MembershipError('AGENT_CONFIG_INVALID', what);
}
