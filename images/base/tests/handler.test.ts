import { Stage, type TestContainer, until } from '@rollcall/testkit';
import { afterAll, beforeAll, expect, it } from 'vitest';

/**
 * Drains with a line in the log. Once /tmp/slow is there, it is loaded only when /tmp/go is there, too; while /tmp/broken is
 * there, it cannot be.
 */
const ROLE = `
import { existsSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { defineHandler } from '@rollcall/handler';

if (existsSync('/tmp/broken')) throw new Error('broken');
if (existsSync('/tmp/slow')) {
  writeFileSync('/tmp/loading', '');
  while (!existsSync('/tmp/go')) await sleep(10);
}
export default defineHandler({
  name: 'sluggard',
  variables: {},
  services: [],
  start: ({ log }) => ({
    drain: async () => log.info('the role drains'),
    undrain: async () => undefined,
  }),
});
`;

const HANDLER = '/run/rollcall/scandir/handler';

let stage: Stage;
let node: TestContainer;
beforeAll(async () => {
  stage = await Stage.open('handler');
  node = await stage.run({
    image: 'rollcall/base',
    env: { ROLLCALL_DRAIN_SECONDS: '600' },
    files: { '/opt/rollcall/role/index.js': ROLE },
  });
  await until('the handler to run', async () => (await node.logs()).includes('"started"'));
});
afterAll(() => stage.close());

it('one that cannot start on a node that is at work is tried again, and the node goes on', async () => {
  const pidOf = async (service: string) =>
    (await node.exec(['s6-svstat', '-o', 'pid', `/run/rollcall/scandir/${service}`])).stdout;
  const before = await pidOf('serf');
  await node.exec(['touch', '/tmp/broken']);
  await node.exec(['s6-svc', '-k', HANDLER]);
  await until('the next handler to say why', async () => (await node.logs()).includes('BAD_ROLE'));
  await node.exec(['rm', '/tmp/broken']);
  await until('another one', async () => (await node.logs()).split('"started"').length > 2);
  expect(await pidOf('serf')).toBe(before);
});

it('a stop that comes while the handler is still being loaded is not lost: the role drains', async () => {
  await node.exec(['touch', '/tmp/slow']);
  await node.exec(['s6-svc', '-k', HANDLER]);
  await until(
    'the next handler',
    async () => (await node.exec(['test', '-e', '/tmp/loading'])).exitCode === 0,
  );
  const stopped = node.stop({ timeoutSeconds: 700 });
  await until('the handler to be asked to end', async () => {
    const { stdout } = await node.exec(['s6-svstat', '-o', 'wantedup', HANDLER]);
    return stdout.trim() === 'false';
  });
  await node.exec(['touch', '/tmp/go']);
  expect(await stopped).toBe(0);
  expect(await node.logs()).toContain('the role drains');
});
