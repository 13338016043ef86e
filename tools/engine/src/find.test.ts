import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { connectEngine, engineCandidates } from './find.ts';

describe('where an engine is looked for', () => {
  const own = '/run/rollcall-engine-0/docker.sock';

  test('is only DOCKER_HOST where that is set', () => {
    expect(engineCandidates({ DOCKER_HOST: 'tcp://a:1', XDG_RUNTIME_DIR: '/run/user/1' }, own)).toEqual([
      { kind: 'given', host: 'tcp://a:1' },
    ]);
  });

  test("is else the workspace's own, Docker's socket, Podman's sockets, in this order", () => {
    expect(engineCandidates({ DOCKER_HOST: '', XDG_RUNTIME_DIR: '/run/user/1' }, own)).toEqual([
      { kind: 'private', host: `unix://${own}` },
      { kind: 'system', host: 'unix:///var/run/docker.sock' },
      { kind: 'podman', host: 'unix:///run/podman/podman.sock' },
      { kind: 'podman', host: 'unix:///run/user/1/podman/podman.sock' },
    ]);
  });
});

describe('a given DOCKER_HOST', () => {
  let workspace: string;

  beforeEach(() => {
    workspace = mkdtempSync(join(tmpdir(), 'rollcall-find-'));
  });

  afterEach(() => {
    vi.unstubAllEnvs();
    rmSync(workspace, { recursive: true });
  });

  test('that does not answer is an error, never another engine', async () => {
    vi.stubEnv('DOCKER_HOST', `unix://${workspace}/absent.sock`);
    await expect(connectEngine({ workspace })).rejects.toMatchObject({
      code: 'HOST_UNREACHABLE',
      message: expect.stringContaining(`unix://${workspace}/absent.sock`),
    });
  });

  test('that makes no sense is an error', async () => {
    vi.stubEnv('DOCKER_HOST', 'ssh://somewhere');
    await expect(connectEngine({ workspace })).rejects.toMatchObject({ code: 'HOST_INVALID' });
  });

  test('that answers is used, also by TCP', async () => {
    const server = createServer((_, response) => {
      response.setHeader('Content-Type', 'application/json');
      response.end(JSON.stringify({ Version: '1.2.3', ApiVersion: '1.41' }));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const host = `tcp://127.0.0.1:${(server.address() as AddressInfo).port}`;
    vi.stubEnv('DOCKER_HOST', host);
    const engine = await connectEngine({ workspace });
    server.close();
    expect(engine).toMatchObject({ kind: 'given', host, description: `Docker 1.2.3 at ${host}` });
  });
});
