import { describe, expect, test } from 'vitest';
import { type Process, processesOf } from './processes.ts';

const files = {
  configFile: '/run/rollcall-engine-1234abcd/daemon.json',
  containerdConfigFile: '/run/rollcall-engine-1234abcd/containerd.toml',
  containerdSocket: '/run/rollcall-engine-1234abcd/containerd.sock',
};
const pool = '10.77.0.0/16';
const containerId = 'ab'.repeat(32);

function isOurs(commandLine: string, cgroup = '0::/'): boolean {
  const process: Process = { pid: 7, argv: commandLine.split(' '), cgroup };
  return processesOf(files, pool, new Set([containerId]), [process]).length === 1;
}

describe("a private engine's processes", () => {
  test.each([
    ['dockerd', `dockerd --config-file ${files.configFile}`],
    ['containerd', `/usr/bin/containerd --config ${files.containerdConfigFile}`],
    ['shims', `/usr/bin/containerd-shim-runc-v2 -namespace moby -id x -address ${files.containerdSocket}`],
    ['proxies', '/usr/sbin/docker-proxy -proto tcp -host-port 80 -container-ip 10.77.1.2 -container-port 80'],
  ])('are its %s', (_, commandLine) => {
    expect(isOurs(commandLine)).toBe(true);
  });

  test.each([
    ['cgroup v1', `4:memory:/docker/${containerId}\n1:name=systemd:/docker/${containerId}`],
    ['cgroup v2', `0::/system.slice/docker-${containerId}.scope`],
  ])('are what runs in its containers (%s)', (_, cgroup) => {
    expect(isOurs('/bin/anything', cgroup)).toBe(true);
  });

  test.each([
    ["the system's dockerd", 'dockerd -H fd://'],
    ["another private engine's", 'dockerd --config-file /run/rollcall-engine-00000000/daemon.json'],
    ["the system's containerd", '/usr/bin/containerd'],
    [
      "another engine's shims",
      '/usr/bin/containerd-shim-runc-v2 -namespace moby -id x -address /run/containerd/containerd.sock',
    ],
    ["another engine's proxies", '/usr/sbin/docker-proxy -proto tcp -container-ip 172.17.0.2'],
    ['a person looking at its files', `less ${files.configFile}`],
    ['what follows its log', `tail -f ${files.containerdConfigFile}`],
  ])('are not %s', (_, commandLine) => {
    expect(isOurs(commandLine, `0::/docker/${'cd'.repeat(32)}`)).toBe(false);
  });
});
