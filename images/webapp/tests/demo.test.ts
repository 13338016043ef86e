import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { request, Stage, until } from '@rollcall/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
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

describe('the demo app in its container', () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await Stage.open('demo');
  });
  afterAll(() => stage.close());

  demoPromises(async () => {
    const container = await stage.run({ image: 'rollcall/webapp', ports: [3000] });
    const port = container.port(3000);
    await until('the app to answer', () => request(`http://127.0.0.1:${port}/health`));
    return { port, stop: () => container.stop() };
  });

  it('tells the address and the host name of its container', async () => {
    const container = await stage.run({ image: 'rollcall/webapp', hostname: 's7', ports: [3000] });
    const answer = await until('the app to answer', () =>
      request(`http://127.0.0.1:${container.port(3000)}/`),
    );
    expect(answer.json()).toMatchObject({ ip: container.address, host: 's7' });
    expect(answer.headers['x-backend-ip']).toBe(container.address);
  });
});
