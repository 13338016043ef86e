import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { connect, sockets } from './connect.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'rollcall-cli-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
  vi.unstubAllEnvs();
});

it('looks first for the engine of the workspace that it is called in', () => {
  mkdirSync(join(folder, '.rollcall', 'engine'), { recursive: true });
  mkdirSync(join(folder, 'packages', 'app'), { recursive: true });
  writeFileSync(join(folder, '.rollcall', 'engine', 'host'), 'unix:///run/own/docker.sock\n');
  expect(sockets(join(folder, 'packages', 'app'))[0]).toBe('/run/own/docker.sock');
  expect(sockets(folder)).toContain('/var/run/docker.sock');
});

it('does not look elsewhere when DOCKER_HOST is set', async () => {
  const host = `unix://${join(folder, 'absent.sock')}`;
  vi.stubEnv('DOCKER_HOST', host);
  await expect(connect(folder)).rejects.toMatchObject({
    code: 'ENGINE_ABSENT',
    exitCode: 69,
    message: expect.stringContaining(`DOCKER_HOST=${host}`),
  });
});
