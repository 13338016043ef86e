import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { buildReproducibly, connectEngine, type Engine, sourceDateEpoch } from '@rollcall/engine';
import { type ImageProject, makeContext, readImageProject } from '@rollcall/image-builder';
import { Stage } from '@rollcall/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { workspace } from './packed.ts';

let stage: Stage;
let engine: Engine;
let projects: ImageProject[];
beforeAll(async () => {
  stage = await Stage.open('reproducible');
  engine = await connectEngine({ workspace });
  const names = await readdir(join(workspace, 'images'));
  const found = await Promise.all(names.map((name) => readImageProject(join(workspace, 'images', name))));
  // Parents first.
  projects = found.sort((a, b) => a.below.length - b.below.length);
});
afterAll(() => stage?.close());

/** Builds an image with no step from the cache, on those of the same run. @returns its id */
async function build(project: ImageProject, run: string): Promise<string> {
  const own = (tag: string) => `${stage.id}-${run}-${tag.replace('rollcall/', '')}:latest`;
  const renamed = (text: string) => text.replace(/^rollcall\/(?!debian:)\S+/, own);
  const dockerfile = project.dockerfile.replaceAll(/^(FROM )(\S+)/gm, (_, from, tag) => from + renamed(tag));
  const context = new Map(await makeContext(project));
  context.set('Dockerfile', { content: Buffer.from(dockerfile), mode: 0o644 });
  stage.ownImage(own(project.tag));
  const request = {
    context,
    dockerfile: 'Dockerfile',
    tags: [own(project.tag)] as const,
    labels: stage.labels,
    buildArgs: { SOURCE_DATE_EPOCH: String(sourceDateEpoch) },
    cache: false,
    onLine: () => {},
  };
  return (await buildReproducibly(engine, request, renamed(project.from.at(-1) ?? ''))).id;
}

test('two builds of every image, each from nothing but its sources, make the same image', async () => {
  const ids: Record<string, Record<string, string>> = {};
  for (const run of ['first', 'second']) {
    ids[run] = {};
    for (const project of projects) ids[run][project.tag] = await build(project, run);
  }
  expect(Object.keys(ids['first'] ?? {})).toHaveLength(projects.length);
  expect(ids['second']).toEqual(ids['first']);
}, 1_500_000);
