import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createServer } from 'node:net';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { request, Stage, type TestContainer, until } from '../src/index.ts';
import { OWNER_LABEL, STAGE_LABEL } from '../src/labels.ts';

// The smallest image with Node and a shell.
const image = 'rollcall/os';
const SERVER = `
  const http = require('node:http');
  console.log(JSON.stringify({ service: 'web', said: process.env.GREETING }));
  console.error('to the other stream');
  process.on('SIGTERM', () => process.exit(7));
  http.createServer((request, response) => request.pipe(response)).listen(3000);`;

describe('a stage', () => {
  let stage: Stage;
  let web: TestContainer;

  beforeAll(async () => {
    stage = await Stage.open('testkit');
    web = await stage.run({
      image,
      hostname: 'web',
      env: { GREETING: 'hello' },
      cmd: ['node', '/srv/server.js'],
      ports: [3000],
      network: await stage.network(),
      aliases: ['greeter'],
      tmpfs: { '/scratch': 'mode=1777' },
      user: '7373:7373',
      files: { '/srv/server.js': SERVER, '/srv/secret': { content: 'x', mode: 0o600, uid: 7373, gid: 7373 } },
      memory: 256 * 1024 * 1024,
      ulimits: { nofile: 512 },
    });
    await until('the server to answer', () => request(`http://127.0.0.1:${web.port(3000)}/`));
  });
  afterAll(() => stage.close());

  it('answers through the published port, on a new connection for each request', async () => {
    const body = 'x'.repeat(100_000);
    const answer = await request(`http://127.0.0.1:${web.port(3000)}/`, { method: 'POST', body });
    expect(answer.status).toBe(200);
    expect(answer.text()).toBe(body);
    expect(answer.headers.connection).toBe('close');
  });

  it('runs commands with the exit code and both streams apart', async () => {
    const result = await web.exec(['sh', '-c', 'id -u; hostname; ulimit -n; echo oops >&2; exit 3']);
    expect(result).toEqual({ exitCode: 3, stdout: '7373\nweb\n512\n', stderr: 'oops\n' });
    expect((await web.exec(['id', '-u'], { user: '0' })).stdout).toBe('0\n');
  });

  it('finds a container by its aliases and by its address', async () => {
    const script = `fetch(process.argv[1], { method: 'POST', body: 'hi' }).then((r) => r.text()).then(console.log)`;
    for (const host of ['greeter', web.address]) {
      expect((await web.exec(['node', '-e', script, `http://${host}:3000/`])).stdout).toBe('hi\n');
    }
  });

  it('starts a container of an image of its own in the network of another', async () => {
    const own = await stage.image('own', `FROM ${image}\nRUN echo built > /built`);
    const beside = await stage.run({
      image: own,
      network: `container:${web.id}`,
      cmd: ['sleep', 'infinity'],
    });
    expect(await beside.readFile('/built')).toBe('built\n');
    expect((await beside.exec(['hostname'])).stdout).toBe('web\n');
  });

  it('reads and writes files, with their owner and mode', async () => {
    await web.writeFiles({ '/srv/later/note.txt': 'written while it runs' });
    expect(await web.readFile('/srv/later/note.txt')).toBe('written while it runs');
    expect(await web.readFile('/srv/absent')).toBeUndefined();
    await web.exec(['sh', '-c', 'echo kept > /scratch/note']);
    expect(await web.readFile('/scratch/note')).toBe('kept\n');
    expect((await web.exec(['stat', '-c', '%u:%g %a', '/srv/secret'])).stdout).toBe('7373:7373 600\n');
  });

  it('gives the logs of both streams, and the JSON lines of a service', async () => {
    expect(await web.logs()).toContain('to the other stream\n');
    expect(await web.logsJson('web')).toEqual([{ service: 'web', said: 'hello' }]);
    expect(await web.logsJson('other')).toEqual([]);
  });

  it('pauses, restarts and stops a container and tells its exit code', async () => {
    const script = 'trap "exit 9" TERM; echo ready; while :; do sleep 0.1; done';
    const own = await stage.run({ image, cmd: ['sh', '-c', script] });
    const ready = (times: number) =>
      until(`start ${times}`, async () => (await own.logs()).split('ready').length > times);
    await ready(1);
    await own.pause();
    expect((await own.inspect()).State.Status).toBe('paused');
    await own.unpause();
    await own.restart();
    await ready(2);
    expect(await own.health()).toBe('none');
    expect(await own.stop()).toBe(9);
    expect(await own.stop()).toBe(9);
    await own.start();
    await own.kill();
    expect(await own.waitForExit()).toBe(137);
    expect(await own.readFile('/etc/debian_version')).toMatch(/^13/);
    expect(await own.readFile('/absent')).toBeUndefined();
    await expect(own.exec(['true'])).rejects.toThrow('is not running');
  });
});

describe('what a stage leaves behind', () => {
  it('is nothing, once it is closed', async () => {
    const stage = await Stage.open('testkit');
    await stage.run({ image, cmd: ['sleep', 'infinity'], network: await stage.network() });
    const folder = await stage.folder();
    await stage.close();

    const filters = { label: [`${STAGE_LABEL}=${stage.id}`] };
    expect(await stage.docker.listContainers({ all: true, filters })).toEqual([]);
    expect(await stage.docker.listNetworks({ filters })).toEqual([]);
    expect(existsSync(folder)).toBe(false);
  });

  it('is removed by the next stage when its process was killed', async () => {
    const { docker } = await Stage.open('testkit');
    // A process that has ended by the time its number is known here.
    const { stdout: dead } = await promisify(execFile)(process.execPath, ['-p', 'process.pid']);
    const { hostname } = await import('node:os');
    const Labels = { [STAGE_LABEL]: 'testkit-dead', [OWNER_LABEL]: `${dead.trim()}.1@${hostname()}` };
    const left = await docker.createContainer({ Image: image, Cmd: ['true'], Labels });

    await Stage.open('testkit');

    await expect(left.inspect()).rejects.toThrow('No such container');
  });
});

describe('request', () => {
  it('fails within its limit against a port that accepts and never answers', async () => {
    const silent = createServer().listen(0, '127.0.0.1');
    await until('the port', () => silent.address());
    const { port } = silent.address() as { port: number };
    await expect(request(`http://127.0.0.1:${port}/`, { limitMs: 50 })).rejects.toMatchObject({
      code: 'NO_ANSWER',
      message: `GET http://127.0.0.1:${port}/: no whole answer within 50 ms`,
    });
    silent.close();
  });
});
