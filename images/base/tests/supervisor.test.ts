import { Stage, type TestContainer, until } from '@rollcall/testkit';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { crewImage } from './crew/image.ts';
import { told } from './crew/told.ts';

let stage: Stage;
let container: TestContainer;
beforeAll(async () => {
  stage = await Stage.open('supervisor');
  const image = await crewImage(stage, { words: [], environment: {} });
  container = await stage.run({ image, env: { CREW_STUBBORN: 'stubborn', CREW_SECONDS: '0' } });
  await told(container, 'stubborn');
  await told(container, 'early');
  await until('the handler to run', () => container.readFile('/run/rollcall/status.json'));
});
afterAll(() => stage.close());

/** What an expression with `services`, a Supervisor in the container, comes to; the code or name of what it throws. */
async function ask(expression: string, scandir = '/run/rollcall/scandir'): Promise<unknown> {
  const { stdout, stderr } = await container.exec([
    'node',
    '--input-type=module',
    '--eval',
    `import { Supervisor } from '/opt/rollcall/node_modules/@rollcall/supervision/dist/index.js';
     const services = new Supervisor('${scandir}');
     const answer = await (async () => ${expression})().catch((error) => error.name === 'SupervisionError' ? error.code : error.name);
     process.stdout.write(JSON.stringify({ answer }));`,
  ]);
  expect(stderr).toBe('');
  return JSON.parse(stdout).answer;
}

it('tells what each service does', async () => {
  expect(await ask('(await services.statuses()).map(({ name }) => name)')).toEqual([
    'chosen',
    'early',
    'faller',
    'handler',
    'parent',
    'serf',
    'stubborn',
    'worded',
  ]);
  expect(await ask(`services.status('early')`)).toEqual({
    name: 'early',
    up: true,
    ready: true,
    held: false,
    since: expect.closeTo(Date.now(), -6),
    pid: expect.any(Number),
  });
});

it('stops a service, which stays down until it is started', async () => {
  expect(await ask(`services.down('early')`)).toEqual({ killed: false });
  expect(await ask(`services.status('early')`)).toMatchObject({
    up: false,
    held: false,
    ended: { exitCode: 0 },
  });
  await ask(`services.up('early')`);
  await until(
    'the service to be up',
    async () => (await ask(`services.status('early')`)) as { up: boolean },
    {
      accept: ({ up }) => up,
    },
  );
});

it('kills a service that does not stop, and says so', async () => {
  expect(await ask(`services.down('stubborn')`)).toEqual({ killed: true });
  expect(await ask(`services.status('stubborn')`)).toMatchObject({ up: false, ended: { signal: 'SIGKILL' } });
});

it('starts a service anew, or sends it a signal, and s6 keeps it up', async () => {
  for (const action of [`services.restart('worded')`, `services.signal('worded', 'SIGKILL')`]) {
    const before = (await ask(`services.status('worded')`)) as { pid: number };
    await ask(action);
    await until('another process', () => ask(`services.status('worded')`) as Promise<{ pid?: number }>, {
      accept: ({ pid }) => pid !== undefined && pid !== before.pid,
    });
  }
});

it('waits until a service is ready', async () => {
  expect(await ask(`services.waitUntilReady('chosen', { limitMs: 100 })`)).toBe('NOT_READY');
  expect(
    await ask(`services.waitUntilReady('chosen', { limitMs: 60_000, signal: AbortSignal.timeout(1) })`),
  ).toBe('TimeoutError');
  const waiting = ask(`services.waitUntilReady('chosen', { limitMs: 60_000 })`);
  await container.exec(['touch', '/run/chosen-is-ready']);
  expect(await waiting).toBeUndefined();
  expect(await ask(`services.waitUntilReady('parent', { limitMs: 60_000 })`)).toBeUndefined();
});

it('does not wait for a service that is held', async () => {
  expect(await ask(`services.waitUntilReady('faller', { limitMs: 60_000 })`)).toBe('SERVICE_HELD');
});

it('says what is wrong when it is asked for what is not there', async () => {
  expect(await ask(`services.status('nobody')`)).toBe('SERVICE_UNKNOWN');
  expect(await ask(`services.status('serf')`, '/opt/rollcall/scandir')).toBe('CONTROL_FAILED');
});
