import { createServer } from 'node:net';
import { networkInterfaces } from 'node:os';
import { expect, test } from 'vitest';
import { isReachable } from './reachable.ts';

const hasIPv6 = Object.values(networkInterfaces()).some((all) =>
  all?.some(({ address }) => address === '::1'),
);

const hosts: [string, string][] = [['127.0.0.1', '127.0.0.1']];
if (hasIPv6) hosts.push(['::1', '[::1]']);

test.each(hosts)('a port that listens on %s is reached, one that does not is not', async (host, written) => {
  const server = createServer((socket) => socket.on('error', () => {}));
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  const { port } = server.address() as { port: number };
  expect(await isReachable(`${written}:${port}`)).toBe(true);
  expect(await isReachable(`${written}:1`)).toBe(false);
  await new Promise((resolve) => server.close(resolve));
});
