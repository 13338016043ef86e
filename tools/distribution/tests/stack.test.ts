import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Load } from '@rollcall/churn';
import { until } from '@rollcall/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { workspace } from './packed.ts';
import { Swarm } from './swarm.ts';

const key = randomBytes(32).toString('base64');
let swarm: Swarm;
/** For two engines and their containers beside whatever else the machine does. */
const LIMIT_MS = 1_500_000;

beforeAll(async () => {
  swarm = await Swarm.open('swarm');
}, LIMIT_MS);
afterAll(() => swarm?.close());

/** The stack file that docs/swarm.md has for the key. */
async function keyFile(): Promise<string> {
  const page = await readFile(join(workspace, 'docs', 'swarm.md'), 'utf8');
  const [, text = ''] = /```yaml\n# key\.yaml\n(.*?)```/s.exec(page) ?? [];
  return text;
}

/** Does `change` while requests are sent to both hosts, or those named. @returns what was harmed */
async function harmedBy(urls: readonly [string, ...string[]], change: () => Promise<void>) {
  const load = await Load.start({ urls, rate: 20, seed: 1 });
  try {
    await until('requests to end', () => load.ledger.size >= 40);
    await change();
  } finally {
    await load.stop();
  }
  return load.ledger.harmed();
}

test(
  'a stack serves at each host, with the web nodes of all hosts',
  async () => {
    await swarm.manager.run(['sh', '-c', `echo ${key} | docker secret create rollcall-gossip-key -`]);
    await swarm.deploy(await keyFile());
    await swarm.serving(2);
    const running = ['--filter', 'desired-state=running', '--format', '{{.Node}}', 'rollcall_webapp'];
    const hosts = await swarm.manager.docker('service', 'ps', ...running);
    expect(hosts.split('\n').sort()).toEqual(['manager', 'worker']);
  },
  LIMIT_MS,
);

test('the gossip is encrypted by the key that is a secret of the Swarm', async () => {
  expect(await swarm.exec('webapp', 'cat', '/run/rollcall/serf.json')).toContain(key);
});

test(
  'scaling up and down, and an update in between, lose no request',
  async () => {
    const harmed = await harmedBy([swarm.manager.url, swarm.worker.url], async () => {
      await swarm.manager.docker('service', 'scale', '--detach', 'rollcall_webapp=4');
      const before = await swarm.serving(4);
      await swarm.manager.docker('service', 'update', '--detach', '--force', 'rollcall_webapp');
      await swarm.serving(4, { before });
      await swarm.manager.docker('service', 'scale', '--detach', 'rollcall_webapp=2');
      await swarm.serving(2);
    });
    expect(harmed).toEqual([]);
  },
  LIMIT_MS,
);

test(
  'a host that is taken away loses no request of those that come to another',
  async () => {
    const hosts = [swarm.manager];
    const harmed = await harmedBy([swarm.manager.url], async () => {
      await swarm.manager.docker('node', 'update', '--availability', 'drain', 'worker');
      await swarm.serving(2, { hosts });
      await until('the host to be empty', async () => (await swarm.worker.docker('ps', '--quiet')) === '');
      await swarm.worker.docker('swarm', 'leave');
      await swarm.manager.docker('node', 'rm', '--force', 'worker');
      await swarm.serving(2, { hosts });
    });
    expect(harmed).toEqual([]);
  },
  LIMIT_MS,
);
