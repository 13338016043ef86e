import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { identityOf } from './identity.ts';

test('a workspace has one identity, by whatever path it is reached, and its names fit their limits', () => {
  const root = mkdtempSync(join(tmpdir(), 'rollcall-identity-'));
  const deep = join(root, 'd'.repeat(200));
  mkdirSync(deep);
  symlinkSync(deep, join(root, 'link'));
  const identity = identityOf(deep);
  expect(identityOf(join(root, 'link'))).toEqual(identity);
  expect(identityOf(root).id).not.toBe(identity.id);
  // dockerd's own sockets below the exec root: containerd's, and libnetwork's of a 12-digit name.
  expect(`${identity.execRoot}/containerd/containerd-debug.sock`.length).toBeLessThan(107);
  expect(identity.socket.length).toBeLessThan(107);
  expect(identity.bridge.length).toBeLessThan(16);
  // iptables' limit is 28.
  expect(identity.chain.length).toBeLessThan(29);
  rmSync(root, { recursive: true });
});
