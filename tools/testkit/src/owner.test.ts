import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, it } from 'vitest';
import { isGone, ownerOf } from './owner.ts';

it('takes a running process for alive', () => {
  expect(isGone(ownerOf(process.pid))).toBe(false);
});

it('takes a process that has ended for gone', async () => {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
  await once(child, 'spawn');
  const owner = ownerOf(child.pid ?? 0);
  expect(isGone(owner)).toBe(false);
  child.kill('SIGKILL');
  await once(child, 'exit');
  expect(isGone(owner)).toBe(true);
});

it('takes a process for gone when another has its number now', () => {
  const earlier = ownerOf(process.pid).replace(/\.\d*@/, '.1@');
  expect(isGone(earlier)).toBe(true);
});

it('leaves alone what belongs to another machine, or to nobody', () => {
  expect(isGone('1.1@elsewhere')).toBe(false);
  expect(isGone('')).toBe(false);
});
