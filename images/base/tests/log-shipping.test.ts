import { collectorImage, LogCollector, Stage, type TestContainer, until } from '@rollcall/testkit';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { talk, talkerImage } from './logs/talker.ts';

/** Lines of a thousand bytes, each with its number first. */
const longLines = (count: number) => `seq -f "%g $(printf %0990d 0)" 1 ${count}`;
const upTo = (count: number) => Array.from({ length: count }, (_, index) => String(index + 1));

let stage: Stage;
let images: { readonly collector: string; readonly talker: string };
let network: string;
let collector: LogCollector;
let tests = 0;
beforeAll(async () => {
  stage = await Stage.open('logs');
  images = { collector: await collectorImage(stage), talker: await talkerImage(stage) };
});
beforeEach(async () => {
  // Nodes of one name, and collectors, are not to meet.
  tests += 1;
  network = await stage.network(`net-${tests}`);
  collector = await LogCollector.create(stage, images.collector, network);
});
afterAll(() => stage.close());

type Options = Omit<Parameters<Stage['run']>[0], 'image'>;
const startNode = ({ env, ...options }: Options = {}) =>
  stage.run({
    image: images.talker,
    network,
    aliases: ['rollcall'],
    hostname: 's1',
    env: { ROLLCALL_SYSLOG: 'tcp://logs', ...env },
    ...options,
  });

const finishedTalking = (node: TestContainer) =>
  until(
    'the app to have written all of its lines',
    async () => (await node.exec(['test', '-e', '/run/talked'])).exitCode === 0,
  );

/** What `app` has in the container's own log. */
const ownLog = async (node: TestContainer) =>
  (await node.logs())
    .split('\n')
    .filter((line) => line.startsWith('app: '))
    .map((line) => line.slice('app: '.length));

const numbersIn = (lines: readonly string[]) => lines.map((line) => line.split(' ')[0]);

/** How many lines the container's log tells to be lost. */
const toldLost = async (node: TestContainer) =>
  [...(await node.logs()).matchAll(/^log-shipper: (\d+) lines before number \d+ are lost/gm)]
    .map(([, count]) => Number(count))
    .reduce((sum, count) => sum + count, 0);

it('brings the lines of all services to the collector, under their names, and to the log as ever', async () => {
  await collector.start();
  const node = await startNode({
    env: { TALK: talk('seq 1 3; echo a "€" b') },
    readOnly: true,
    tmpfs: { '/run': '', '/nodes': '', '/var/log': '' },
    healthCheck: { everySeconds: 1 },
  });
  const accept = (texts: readonly string[]) => texts.length >= 4;
  for (const place of [() => collector.textsOf('app'), () => ownLog(node)]) {
    expect(await until('lines of the app', place, { accept })).toEqual(['1', '2', '3', 'a € b']);
  }
  const started = await until('the handler to have started', async () =>
    (await collector.received()).find(({ text }) => text.includes('"msg":"started"')),
  );
  expect(started).toMatchObject({ service: 'handler', severity: 'info' });
  const received = await until('lines of all services', () => collector.received(), {
    accept: (all) => ['app', 'handler', 'serf'].every((name) => all.some(({ service }) => service === name)),
  });
  expect(new Set(received.map((message) => message.node))).toEqual(new Set(['s1']));
  await until('the container to be healthy', () => node.health(), {
    accept: (health) => health === 'healthy',
  });
});

it('has a severity from lines of JSON', async () => {
  await collector.start();
  const lines = ['{\\"level\\":50}', '{\\"level\\":\\"warn\\"}', '{'].map((line) => `echo "${line}"`);
  await startNode({ env: { TALK: talk(lines.join('; ')) } });
  const received = await until(
    'the lines',
    async () => (await collector.received()).filter(({ service }) => service === 'app'),
    { accept: (all) => all.length === 3 },
  );
  expect(received.map(({ severity }) => severity)).toEqual(['err', 'warning', 'info']);
});

it('keeps what is written while the collector is away: all comes, in order, once', async () => {
  const node = await startNode({ env: { TALK: talk('seq 1 5000') } });
  await finishedTalking(node);
  await until('the log to tell of it', async () => (await node.logs()).includes('is away'));
  await collector.start();
  await until('the last line', async () => (await collector.textsOf('app')).includes('5000'));
  expect(await collector.textsOf('app')).toEqual(upTo(5000));
});

it('drops the oldest lines when the buffer is full, tells how many, and the app goes on', async () => {
  const node = await startNode({ env: { ROLLCALL_SYSLOG_BUFFER_MB: '1', TALK: talk(longLines(5000)) } });
  await finishedTalking(node);
  await until('all lines in the log', async () => (await ownLog(node)).length >= 5000);
  expect(await node.logs()).toContain('log-writer: the buffer for the collector is full (1 MB)');
  await collector.start();
  await until('the last line', async () => numbersIn(await collector.textsOf('app')).includes('5000'));
  const ids = (await collector.received()).map(({ sequenceId }) => sequenceId);
  const first = ids[0] ?? 0;
  expect(first).toBeGreaterThan(1);
  expect(ids).toEqual(ids.map((_, index) => first + index));
  await until('the loss to be told', () => toldLost(node), { accept: (lost) => lost === first - 1 });
  expect(numbersIn(await ownLog(node))).toEqual(upTo(5000));
});

it('goes on when there is no room on the disk, and ships again when there is', async () => {
  const node = await startNode({
    env: {
      TALK: talk(
        `${longLines(5000)}; touch /run/talked; until test -e /run/more; do sleep 0.1; done; echo more`,
      ),
    },
    tmpfs: { '/var/log': 'size=1m,mode=1777' },
  });
  await finishedTalking(node);
  await until('all lines in the log', async () => (await ownLog(node)).length >= 5000);
  expect(await node.logs()).toContain('log-writer: the buffer for the collector cannot be written (ENOSPC');
  await collector.start();
  await until('the first line', async () => numbersIn(await collector.textsOf('app')).includes('1'));
  await until(
    'room in the buffer',
    async () =>
      (await node.exec(['dd', 'if=/dev/zero', 'of=/var/log/room', 'bs=100k', 'count=1'])).exitCode === 0,
  );
  await node.exec(['touch', '/run/more']);
  await until('a new line', async () => (await collector.textsOf('app')).includes('more'));
  const received = await collector.received();
  const missing = (received.at(-1)?.sequenceId ?? 0) - received.length;
  expect(missing).toBeGreaterThan(0);
  await until('the loss to be told', () => toldLost(node), { accept: (lost) => lost === missing });
});

it('does not make the app wait for a shipper that is stopped, and loses nothing of one that is killed', async () => {
  await collector.start();
  const node = await startNode({
    env: { TALK: talk(`until test -e /run/go; do sleep 0.1; done; ${longLines(3000)}`) },
  });
  await until('a line', async () => (await collector.received()).length > 0);
  const shipper = '/run/rollcall/scandir/log-shipper';
  await node.exec(['s6-svc', '-p', shipper]);
  await until(
    'the shipper to be stopped',
    async () => (await node.exec(['s6-svstat', '-o', 'paused', shipper])).stdout.trim() === 'true',
  );
  await node.exec(['touch', '/run/go']);
  await finishedTalking(node);
  expect(numbersIn(await collector.textsOf('app'))).not.toContain('3000');
  await node.exec(['s6-svc', '-k', shipper]);
  await until('the last line', async () => numbersIn(await collector.textsOf('app')).includes('3000'));
  expect([...new Set(numbersIn(await collector.textsOf('app')))]).toEqual(upTo(3000));
});

it('sends what there is when the container stops, the last words of all services included', async () => {
  await collector.start();
  // A container that has more time, for a machine that is busy.
  const node = await startNode({ env: { TALK: talk(longLines(3000)), ROLLCALL_DRAIN_SECONDS: '50' } });
  await finishedTalking(node);
  expect(await node.stop()).toBe(0);
  // The collector reads first and writes then.
  await until('the last words', async () => (await collector.textsOf('app')).includes('bye'));
  expect(numbersIn(await collector.textsOf('app'))).toEqual([...upTo(3000), 'bye']);
  for (const [service, words] of [
    ['handler', '"msg":"drained"'],
    ['serf', 'shutdown complete'],
  ] as const) {
    await until(`the last words of ${service}`, async () =>
      (await collector.textsOf(service)).join('\n').includes(words),
    );
  }
});

it('stops in time when the collector is away, tells what is left, and sends it after the next start', async () => {
  const node = await startNode({ env: { TALK: talk('seq 1 100') } });
  await finishedTalking(node);
  expect(await node.stop()).toBe(0);
  expect(await node.logs()).toMatch(/^log-shipper: ending with \d+ lines that the collector may not have/m);
  await collector.start();
  await node.start();
  await until('the last words', async () => (await collector.textsOf('app')).includes('bye'));
  expect(await collector.textsOf('app')).toEqual([...upTo(100), 'bye']);
});

it('costs nothing where it is not asked for', async () => {
  const node = await startNode({ env: { ROLLCALL_SYSLOG: '' } });
  await until('the handler to run', async () => (await node.logs()).includes('"msg":"started"'));
  const { stdout } = await node.exec(['ls', '/run/rollcall/scandir']);
  expect(stdout.trim().split('\n')).toEqual(['app', 'handler', 'serf']);
});
