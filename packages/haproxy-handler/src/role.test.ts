import { mkdirSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { conformance } from '@rollcall/conformance';
import { describe, it, vi } from 'vitest';
import type { InMemoryBalancer } from './in-memory-balancer.ts';
import role from './index.ts';

vi.mock('./paths.ts', async (original) => {
  const folder = mkdtempSync(join(tmpdir(), 'balancer-'));
  const paths = Object.entries(await original<Record<string, string>>());
  const inFolder = paths.map(([name, path]) => [name, join(folder, path)] as const);
  for (const [, path] of inFolder) mkdirSync(dirname(path), { recursive: true });
  return Object.fromEntries(inFolder);
});
vi.mock('./haproxy/haproxy.ts', async () => {
  const { InMemoryBalancer: Base } = await vi.importActual<{ InMemoryBalancer: typeof InMemoryBalancer }>(
    './in-memory-balancer.ts',
  );
  return {
    Haproxy: class extends Base {
      async prepare() {}
    },
  };
});
vi.mock('./check.ts', () => ({ checkConfiguration: async () => undefined }));

describe('the role of a balancer', () => {
  for (const { name, check } of conformance(role)) it(name, check);
});
