import type { Identity } from './identity.ts';

/**
 * The daemon.json of a private engine. A file rather than flags, because dockerd would merge flags with the machine's
 * /etc/docker/daemon.json and refuses what is set in both.
 */
export function daemonConfig(identity: Identity, pool: string, mtu: number): Record<string, unknown> {
  return {
    'data-root': identity.dataRoot,
    'exec-root': identity.execRoot,
    pidfile: identity.pidFile,
    hosts: [`unix://${identity.socket}`],
    bridge: identity.bridge,
    mtu,
    'default-address-pools': [{ base: pool, size: 24 }],
    // Each dockerd takes the chains DOCKER, DOCKER-USER, ... for its own and flushes them when it starts. Ours are in
    // network.ts; published ports go through docker-proxy.
    iptables: false,
    ip6tables: false,
    'containerd-namespace': identity.containerdNamespace,
  };
}
