import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterAll, describe } from 'vitest';
import { demoPromises } from './demo-promises.ts';

const SERVER = fileURLToPath(new URL('../rootfs/opt/rollcall/demo/server.js', import.meta.url));

describe('the demo app as a process', () => {
  let kill = () => {};
  afterAll(() => kill());

  demoPromises(async () => {
    const app = spawn(process.execPath, [SERVER], {
      env: { ...process.env, ROLLCALL_PORT: '0' },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    kill = () => app.kill('SIGKILL');
    const exited = once(app, 'exit');
    const [line] = (await once(app.stdout, 'data')) as [Buffer];
    return {
      port: Number(/port (\d+)/.exec(line.toString())?.[1]),
      stop: async () => {
        app.kill('SIGTERM');
        const [code] = (await exited) as [number];
        return code;
      },
    };
  });
});
