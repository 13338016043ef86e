import { createConnection } from 'node:net';

const LIMIT_MS = 500;

/** Says whether a node's gossip port, given as `ip:port` or `[ip]:port`, takes connections. */
export type IsReachable = (address: string) => Promise<boolean>;

/**
 * By a TCP connection within 500 ms. Serf itself waits up to 10 s for an address that does not answer, and everything else
 * that wants to join waits behind it.
 */
export const isReachable: IsReachable = (address) => {
  const { hostname, port } = new URL(`tcp://${address}`);
  const socket = createConnection({ host: hostname.replace(/^\[|\]$/g, ''), port: Number(port) });
  return new Promise((resolve) => {
    const settle = (reachable: boolean) => {
      socket.destroy();
      resolve(reachable);
    };
    socket.setTimeout(LIMIT_MS, () => settle(false));
    socket.on('error', () => settle(false));
    socket.once('connect', () => settle(true));
  });
};
