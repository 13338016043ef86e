import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { run } from './child.js';

const runScript = (script: string) => run(process.execPath, ['--eval', script], { cwd: '.' });

test("the exit code is the child's", async () => {
  expect(await runScript('process.exit(7)')).toBe(7);
});

test('a child that a signal ended has the exit code that a shell gives it', async () => {
  expect(await runScript("process.kill(process.pid, 'SIGKILL')")).toBe(137);
});

test.each(['SIGTERM', 'SIGINT'] as const)('%s goes to the child, which is waited for', async (signal) => {
  const child = `
    process.on('${signal}', () => process.exit(5));
    setInterval(() => {}, 1000);
    console.log('ready');
  `;
  const parent = `
    import { run } from ${JSON.stringify(fileURLToPath(new URL('child.js', import.meta.url)))};
    process.exit(await run(process.execPath, ['--eval', ${JSON.stringify(child)}], { cwd: '.' }));
  `;
  const running = spawn(process.execPath, ['--input-type=module', '--eval', parent], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(running, 'exit');
  await once(running.stdout, 'data');
  running.kill(signal);
  expect(await ended).toEqual([5, null]);
});
