import { Stage, type TestContainer, until } from '@rollcall/testkit';
import { afterAll, beforeAll, expect, it } from 'vitest';

/** Answers its check with 503 until /tmp/ready is there. */
const APP = `
const { existsSync } = require('node:fs');
require('node:http').createServer((request, response) => {
  response.writeHead(request.url === '/up' && existsSync('/tmp/ready') ? 200 : 503).end();
}).listen(4000);
`;

let stage: Stage;
beforeAll(async () => {
  stage = await Stage.open('readiness');
});
afterAll(() => stage.close());

const ownApp = (env: Record<string, string>) =>
  stage.run({
    image: 'rollcall/webapp',
    files: { '/app/server.js': APP },
    env: { ROLLCALL_COMMAND: 'node server.js', ROLLCALL_PORT: '4000', ...env },
  });

async function untilState(node: TestContainer, expected: object): Promise<void> {
  await until(`status ${JSON.stringify(expected)}`, async () => {
    const { stdout } = await node.exec(['cat', '/run/rollcall/status.json']);
    expect(JSON.parse(stdout)).toMatchObject(expected);
    return true;
  });
}

it("runs the user's own app in /app, and announces it only while it passes its check", async () => {
  const node = await ownApp({ ROLLCALL_CHECK: '/up' });
  const problem = 'the app is not ready: GET /up answered 503';
  await untilState(node, { problem, roleStatus: { port: 4000, state: 'starting' } });
  await node.exec(['touch', '/tmp/ready']);
  await untilState(node, { roleStatus: { state: 'ready', app: { ready: true } } });
  await node.exec(['rm', '/tmp/ready']);
  await untilState(node, { problem, roleStatus: { state: 'starting' } });
});

it('takes an app that accepts connections for ready when asked to', async () => {
  const node = await ownApp({ ROLLCALL_CHECK: 'tcp' });
  await untilState(node, { roleStatus: { state: 'ready' } });
});

it('says what is wrong with its configuration and does not start', async () => {
  const node = await ownApp({ ROLLCALL_CHECK: 'health', ROLLCALL_WEIHGT: '3' });
  expect(await node.waitForExit()).toBe(78);
  const logs = await node.logs();
  expect(logs).toContain('ROLLCALL_CHECK');
  expect(logs).toContain('did you mean ROLLCALL_WEIGHT?');
});
