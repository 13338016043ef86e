import { expect, test } from 'vitest';
import { hashInputs } from './labels.ts';

const file = (text: string, mode = 0o644) => ({ content: Buffer.from(text), mode });
const context = new Map([
  ['Dockerfile', file('FROM rollcall/os')],
  ['rootfs/init', file('#!/bin/sh', 0o755)],
]);
const hash = hashInputs(context, ['sha256:1'], { title: 'x' });

test.each([
  [
    'a content',
    new Map([...context, ['rootfs/init', file('#!/bin/bash', 0o755)]]),
    ['sha256:1'],
    { title: 'x' },
  ],
  ['a mode', new Map([...context, ['rootfs/init', file('#!/bin/sh')]]), ['sha256:1'], { title: 'x' }],
  ['a file', new Map([...context, ['rootfs/new', file('')]]), ['sha256:1'], { title: 'x' }],
  ['a parent', context, ['sha256:2'], { title: 'x' }],
  ['a label', context, ['sha256:1'], { title: 'y' }],
])('%s that differs makes other inputs', (_, files, parents, labels) => {
  expect(hashInputs(files, parents, labels)).not.toBe(hash);
});

test('the order in which files were read does not', () => {
  expect(hashInputs(new Map([...context].reverse()), ['sha256:1'], { title: 'x' })).toBe(hash);
});
