import { once } from 'node:events';
import { createServer } from 'node:net';
import { Stage } from '@rollcall/testkit';
import { afterAll, afterEach, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { ClusterUnderTest } from './cluster-under-test.ts';
import { run } from './terminal.ts';

let stage: Stage;
let cluster: ClusterUnderTest;

beforeAll(async () => {
  stage = await Stage.open('cli-refusals');
  cluster = await ClusterUnderTest.open(stage);
});

afterAll(async () => {
  await cluster?.close();
  await stage?.close();
});

afterEach(() => vi.unstubAllEnvs());

describe('what cannot go well is said in one sentence, and nothing is changed', () => {
  afterEach(async () => expect(await cluster.leftovers()).toEqual([]));

  async function refused(...words: string[]): Promise<string> {
    const { code, stdout, stderr } = await cluster.run('up', ...words);
    expect(code).toBe(1);
    expect(stdout).toBe('');
    return stderr;
  }

  it('a port that another program has', async () => {
    const server = createServer().listen(Number(cluster.http), '127.0.0.1');
    onTestFinished(() => void server.close());
    await once(server, 'listening');
    expect(await refused('--http', cluster.http, '--stats', cluster.stats)).toBe(
      `rollcall: port ${cluster.http} on 127.0.0.1 is taken by another program [PORT_TAKEN]\n` +
        '  Choose another with --http PORT.\n',
    );
  });

  it('a port that a container has', async () => {
    const holder = await stage.run({ image: 'rollcall/webapp', name: `${stage.id}-holder`, ports: [3000] });
    const port = String(holder.port(3000));
    expect(await refused('--http', cluster.http, '--stats', port)).toBe(
      `rollcall: port ${port} on 127.0.0.1 is taken by the container ${stage.id}-holder [PORT_TAKEN]\n` +
        '  Choose another with --stats PORT.\n',
    );
  });

  it("a container's name", async () => {
    const name = `${cluster.name}-s2`;
    await stage.create({ image: 'rollcall/webapp', name });
    expect(await refused('--http', cluster.http, '--stats', cluster.stats)).toContain(
      `the name "${name}" is taken by a container (created) of no cluster [NAME_TAKEN]`,
    );
  });

  it("a network's name", async () => {
    const network = await stage.network();
    const { http, stats } = cluster;
    const { code, stderr } = await run('up', '--cluster', network, '--http', http, '--stats', stats);
    expect(code).toBe(1);
    expect(stderr).toContain(
      `a network named "${network}" is there already and is not Rollcall's [NAME_TAKEN]`,
    );
  });

  it('an image that the engine does not have', async () => {
    expect(await refused('--image', 'rollcall/absent:7')).toContain(
      'no image "rollcall/absent:7" [IMAGE_ABSENT]',
    );
  });
});

it.each([
  [['scale', '3'], 'CLUSTER_ABSENT'],
  [['deploy', 'rollcall/webapp'], 'CLUSTER_ABSENT'],
  [['drain', 's1'], 'CLUSTER_ABSENT'],
  [['why', 's1'], 'CLUSTER_ABSENT'],
  [['logs'], 'CLUSTER_ABSENT'],
])('rollcall %j says when there is no such cluster', async (words, code) => {
  const { code: exitCode, stderr } = await cluster.run(...(words as [string]));
  expect(exitCode).toBe(1);
  expect(stderr).toContain(`[${code}]`);
  expect(stderr).toContain(`rollcall up --cluster ${cluster.name}`);
});

it('ps and down of nothing succeed, saying so', async () => {
  for (const command of ['ps', 'down']) {
    const { code, stdout, stderr } = await cluster.run(command);
    expect({ code, stdout }).toEqual({ code: 0, stdout: '' });
    expect(stderr).toContain(`there is no cluster "${cluster.name}"`);
  }
});

describe('wrong use ends with 2 and points to the help', () => {
  it.each([
    [[], 'a command is missing'],
    [['dance'], 'Unknown argument: dance'],
    [['upp'], 'there is no such command; did you mean "up"?'],
    [['scale'], 'NODES is missing'],
    [['scale', 'many'], 'NODES "many" is not allowed; it must be a whole number from 0 to 500'],
    [['up', '--htpp', '80'], 'Unknown argument: htpp'],
    [['up', '--http'], 'Not enough arguments following: http'],
    [['up', '--http', '0'], '--http "0" is not allowed; it must be a whole number from 1 to 65535'],
    [['up', '--env', 'DEBUG'], '--env "DEBUG" is not allowed; it must be NAME=VALUE'],
    [['up', '--prefix', 'ha'], '--prefix "ha" is not allowed'],
    [['up', '--cluster', 'host'], '--cluster "host" is not allowed'],
    [['logs', '../x'], 'NODE "../x" is not allowed'],
  ])('rollcall %j', async (words, message) => {
    const { code, stdout, stderr } = await run(...words);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(message);
    expect(stderr).toContain('[USAGE]\n  See `rollcall ');
    expect(stderr).not.toContain('    at ');
  });
});

it('without an engine it ends with 69 and says where it looked', async () => {
  vi.stubEnv('DOCKER_HOST', 'unix:///nowhere/docker.sock');
  const { code, stderr } = await run('ps');
  expect(code).toBe(69);
  expect(stderr).toContain('no engine answers at DOCKER_HOST=unix:///nowhere/docker.sock');
  expect(stderr).not.toContain('    at ');
});

it('help has every command, and each its own with examples', async () => {
  const { stdout } = await run('--help');
  const names = [...stdout.matchAll(/^ {2}rollcall ([a-z]+)/gm)].flatMap(([, name]) => name ?? []);
  expect(names).toEqual(
    expect.arrayContaining(['up', 'ps', 'scale', 'deploy', 'drain', 'why', 'logs', 'down', 'completion']),
  );
  for (const name of names.filter((each) => each !== 'completion')) {
    expect((await run(name, '--help')).stdout).toContain(`Examples:\n  rollcall ${name}`);
  }
});

it('completion knows commands, and the options of each', async () => {
  const complete = async (...words: string[]) =>
    (await run('--get-yargs-completions', 'rollcall', ...words)).stdout.split('\n');
  expect(await complete('')).toEqual(expect.arrayContaining(['up', 'scale', 'completion']));
  expect(await complete('scale', '--')).toEqual(expect.arrayContaining(['--ready-limit', '--cluster']));
  expect((await run('completion')).stdout).toContain('complete -o');
});
