import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { expect, it } from 'vitest';
import { portProblem } from './port-problem.ts';

it('a port is to be had as long as nobody else listens there', async () => {
  const server = createServer().listen(0, '0.0.0.0');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  expect(await portProblem(port)).toMatch(/EADDRINUSE/);
  server.close();
  // Any that is free.
  expect(await portProblem(0)).toBeUndefined();
});
