import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { requireFree } from './own-network.ts';

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
