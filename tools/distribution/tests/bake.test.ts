import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { connectEngine } from '@rollcall/engine';
import { beforeAll, expect, test } from 'vitest';
import { dockerTool } from './docker-tool.ts';
import { workspace } from './packed.ts';

interface Target {
  context: string;
  contexts: Record<string, string>;
  tags: string[];
  labels: Record<string, string>;
  platforms: string[];
  attest: string[];
}

const run = promisify(execFile);
let targets: Record<string, Target>;

beforeAll(async () => {
  const { stdout } = await run('node', ['tools/image-builder/dist/main.js', 'bake'], { cwd: workspace });
  const [buildx, { host }] = await Promise.all([dockerTool('docker-buildx'), connectEngine({ workspace })]);
  const files = ['--file', 'docker-bake.hcl', '--file', stdout.trim()];
  const bake = await run(buildx, ['bake', ...files, '--print'], {
    cwd: workspace,
    env: { ...process.env, DOCKER_HOST: host, REGISTRY: 'registry.example.com/' },
  });
  targets = JSON.parse(bake.stdout).target;
});

test('bake would build every image for both platforms, with its bill of materials and provenance', async () => {
  expect(Object.keys(targets).sort()).toEqual((await readdir(join(workspace, 'images'))).sort());
  for (const { platforms, attest } of Object.values(targets)) {
    expect(platforms).toEqual(['linux/amd64', 'linux/arm64']);
    expect(attest).toEqual(['type=sbom', 'type=provenance,mode=max']);
  }
});

test('an image is tagged by the version that its label names', async () => {
  const { version } = JSON.parse(await readFile(join(workspace, 'package.json'), 'utf8'));
  for (const [name, { tags, labels }] of Object.entries(targets)) {
    const image = `registry.example.com/rollcall/${name}`;
    expect(tags).toEqual([`${image}:${version}`, `${image}:latest`]);
    expect(labels['org.opencontainers.image.version']).toBe(version);
  }
});

test('what a Dockerfile builds on and copies is there', async () => {
  for (const { context, contexts } of Object.values(targets)) {
    const dockerfile = await readFile(join(workspace, context, 'Dockerfile'), 'utf8');
    const from = [...dockerfile.matchAll(/^FROM (rollcall\/\S+)/gm)].map(([, image]) => image);
    expect(Object.keys(contexts).sort()).toEqual([...new Set(from)].sort());
    const copied = [...dockerfile.matchAll(/^COPY (?!--from)(\S+)/gm)].map(([, path = '']) => path);
    expect(copied.filter((path) => !existsSync(join(workspace, context, path)))).toEqual([]);
  }
});
