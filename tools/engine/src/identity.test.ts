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
  // A unix socket's limit is 107; containerd makes CONTAINERD-SOCKET.ttrpc.
  expect(`${identity.containerdSocket}.ttrpc`.length).toBeLessThan(108);
  expect(identity.socket.length).toBeLessThan(108);
  expect(identity.bridge.length).toBeLessThan(16);
  // iptables' limit is 28.
  expect(identity.chain.length).toBeLessThan(29);
  rmSync(root, { recursive: true });
});
