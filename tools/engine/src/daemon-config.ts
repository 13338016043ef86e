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
    containerd: identity.containerdSocket,
    bridge: identity.bridge,
    mtu,
    'default-address-pools': [{ base: pool, size: 24 }],
    // Without it, a dockerd with address pools of its own deletes the bridge docker0, whoever has it, when it starts
    // for the second time (removeDefaultBridgeInterface in moby's daemon/daemon_unix.go).
    'live-restore': true,
    // Each dockerd takes the chains DOCKER, DOCKER-USER, ... for its own and flushes them when it starts. Ours are in
    // network.ts; published ports go through docker-proxy.
    iptables: false,
    ip6tables: false,
  };
}

/**
 * The containerd.toml of a private engine. Left alone, dockerd would use the machine's containerd where there is one
 * and leave its containers there when it is removed.
 */
export function containerdConfig(identity: Identity): string {
  const { dataRoot, runDirectory, containerdSocket } = identity;
  // TOML's basic strings are JSON's.
  return `version = 2
root = ${JSON.stringify(`${dataRoot}/containerd`)}
state = ${JSON.stringify(`${runDirectory}/containerd`)}
disabled_plugins = ["io.containerd.grpc.v1.cri"]

[grpc]
address = ${JSON.stringify(containerdSocket)}
`;
}
