import { buffer } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { type Context, contextArchive } from './image-context.ts';

test('equal files make equal archives, in whatever order and whenever they are added', async () => {
  const files: [string, { content: string; mode?: number }][] = [
    ['Dockerfile', { content: 'FROM scratch' }],
    ['rootfs/init', { content: '#!/bin/sh', mode: 0o755 }],
    [`deep/${'x'.repeat(150)}/file`, { content: '' }],
  ];
  const archive = async (context: Context) => await buffer(contextArchive(context));
  const forward = await archive(new Map(files));
  const backward = await archive(new Map(files.toReversed()));
  expect(forward.equals(backward)).toBe(true);
  const changed = await archive(new Map([...files, ['rootfs/init', { content: '#!/bin/sh', mode: 0o644 }]]));
  expect(forward.equals(changed)).toBe(false);
});
