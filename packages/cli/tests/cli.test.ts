import { Stage, until } from '@rollcall/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ClusterUnderTest, imageWith, lostDuring } from './cluster-under-test.ts';
import { run, Terminal } from './terminal.ts';

/** The life of one cluster: each test finds it as the one before left it. */
let stage: Stage;
let cluster: ClusterUnderTest;

beforeAll(async () => {
  stage = await Stage.open('cli');
  cluster = await ClusterUnderTest.open(stage);
});

afterAll(async () => {
  await cluster?.close();
  await stage?.close();
});

describe('up', () => {
  it('ends when every node serves, and says where', async () => {
    const told = await cluster.up();
    expect(told).toContain(`http://127.0.0.1:${cluster.http}/`);
    expect(told).toContain(`http://127.0.0.1:${cluster.stats}/`);
    expect(await cluster.answering()).toEqual(['s1', 's2']);
  });

  it('again does nothing', async () => {
    const before = await cluster.containers();
    expect(await cluster.succeed('up')).toContain('nothing had to be done');
    expect(await cluster.containers()).toEqual(before);
  });

  it('brings back what was stopped, and only that', async () => {
    const before = await cluster.containers();
    await stage.docker.getContainer(`${cluster.name}-s2`).stop();
    await cluster.succeed('up');
    expect(await cluster.containers()).toEqual(before);
    expect(await cluster.answering()).toEqual(['s1', 's2']);
  });

  it('replaces nodes whose environment is to be another, by new ones', async () => {
    const before = await cluster.containers();
    await cluster.succeed('up', '--env', 'ROLLCALL_WEIGHT=50');
    const after = await cluster.containers();
    expect(Object.keys(after)).toEqual(['ha', 's3', 's4']);
    expect(after['ha']).toBe(before['ha']);
    expect(await cluster.answering()).toEqual(['s3', 's4']);
  });
});

it('up refuses a second service of which nothing says what it is reached by, and makes nothing', async () => {
  const before = await cluster.containers();
  const { code, stdout, stderr } = await cluster.run('up', '--service', 'shop');
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  expect(stderr).toBe(
    'rollcall: nothing is said of what shop is reached by, and all requests go to web already [ROUTE_REFUSED]\n' +
      '  Say it with --route HOST, HOST/PATH, /PATH or tcp:PORT, such as --route shop.example.com.\n',
  );
  expect(await cluster.containers()).toEqual(before);
});

describe('ps', () => {
  it('shows what the engine runs beside what the balancer sees', async () => {
    const { nodes, refused, problems } = await cluster.ps();
    expect(nodes).toMatchObject([
      { node: 'ha', role: 'balancer', phase: 'running', container: { state: 'running' } },
      { node: 's3', role: 'backend', phase: 'running', seenBy: { ha: { state: 'ready', up: true } } },
      { node: 's4', role: 'backend', phase: 'running', seenBy: { ha: { state: 'ready', up: true } } },
    ]);
    expect({ refused, problems }).toEqual({ refused: [], problems: [] });
    // The status is up to 2 s old: at first it may show a request of just before.
    const s3 = /^s3 +running +rollcall\/webapp +\d+ \w+ +up$/m;
    const text = await until('s3 to be shown', () => cluster.succeed('ps'), {
      accept: (seen) => s3.test(seen),
    });
    expect(text).toMatch(/^NODE +CONTAINER +IMAGE +AGE +AT ha$/m);
  });
});

describe('scale', () => {
  it('adds nodes like the ones there are', async () => {
    expect(await cluster.succeed('scale', '3')).toBe(`${cluster.name} now has 3 web nodes\n`);
    expect(await cluster.answering()).toEqual(['s1', 's3', 's4']);
    const { Config } = await stage.docker.getContainer(`${cluster.name}-s1`).inspect();
    expect(Config.Env).toContain('ROLLCALL_WEIGHT=50');
  });

  it('takes the highest numbers away', async () => {
    await cluster.succeed('scale', '2');
    expect(Object.keys(await cluster.containers())).toEqual(['ha', 's1', 's3']);
    expect(await cluster.answering()).toEqual(['s1', 's3']);
  });

  it('to none and back keeps image and environment', async () => {
    await cluster.succeed('scale', '0');
    expect(await cluster.answering()).toEqual(['status 503']);
    await cluster.succeed('scale', '2');
    expect(await cluster.answering()).toEqual(['s1', 's2']);
    const { Config } = await stage.docker.getContainer(`${cluster.name}-s2`).inspect();
    expect(Config.Env).toContain('ROLLCALL_WEIGHT=50');
  });
});

describe('logs', () => {
  it('of one node are its own lines', async () => {
    expect(await cluster.succeed('logs', 's1')).toMatch(/^\{.*"node":"s1".*"msg":"the app is ready"\}$/m);
  });

  it('of all begin with the name of the node', async () => {
    const lines = (await cluster.succeed('logs', '--tail', '5')).trimEnd().split('\n');
    expect(new Set(lines.map((line) => line.split('|')[0]?.trim()))).toEqual(new Set(['ha', 's1', 's2']));
    expect(lines).toHaveLength(15);
  });

  it('go on with -f, until Ctrl-C', async () => {
    const terminal = new Terminal(['logs', '-f', '--tail', '1', '--cluster', cluster.name]);
    await until('the node to be followed', () => /^s1 \| /m.test(terminal.text));
    await cluster.succeed('drain', 's1');
    await cluster.succeed('drain', 's1', '--undo');
    await until('the node to be heard', () => /^s1 \| \{.*"msg":"drained"\}$/m.test(terminal.text));
    terminal.interrupt();
    expect(await terminal.outcome).toMatchObject({ code: 130, stderr: '' });
  });
});

describe('drain', () => {
  it('takes a node out of rotation, which runs on', async () => {
    expect(await cluster.succeed('drain', 's1')).toBe('s1 is out of rotation at ha; nothing was in flight\n');
    expect(await cluster.answering()).toEqual(['s2']);
    const { nodes } = await cluster.ps();
    const s1 = nodes.find(({ node }) => node === 's1');
    expect(s1).toMatchObject({ phase: 'drained', container: { state: 'running' } });
  });

  it('is undone', async () => {
    expect(await cluster.succeed('drain', 's1', '--undo')).toBe('s1 is in rotation\n');
    expect(await cluster.answering()).toEqual(['s1', 's2']);
  });

  it('is not for balancers', async () => {
    expect(await cluster.run('drain', 'ha')).toMatchObject({ code: 2 });
  });
});

it('completion knows the nodes, and the clusters', async () => {
  const complete = async (...words: string[]) =>
    (await run('--get-yargs-completions', 'rollcall', 'drain', ...words)).stdout.split('\n').filter(Boolean);
  expect(await complete('--cluster', cluster.name, '')).toEqual(['ha', 's1', 's2']);
  expect(await complete('--cluster', '')).toContain(cluster.name);
});

describe('why', () => {
  it("tells a node's story in the order of time", async () => {
    const { story, now } = JSON.parse(await cluster.succeed('why', 's1', '--json')) as {
      story: { at: string; by: string; what: string }[];
      now: string;
    };
    const told = story.map(({ by, what }) => `${by}: ${what}`);
    expect(told).toEqual(
      expect.arrayContaining(['engine: created', 'engine: started', 'ha: ready', 'ha: draining']),
    );
    expect(story.map(({ at }) => at)).toEqual(story.map(({ at }) => at).sort());
    expect(now).toBe('s1 is in rotation at every balancer');
  });

  it('tells of nodes that are gone', async () => {
    expect(await cluster.succeed('why', 's4')).toMatch(/ ha +gone /);
  });

  it('says when it never heard of one', async () => {
    const { code, stderr } = await cluster.run('why', 's99');
    expect({ code, stderr }).toMatchObject({ code: 1, stderr: expect.stringContaining('[NODE_UNKNOWN]') });
  });
});

describe('deploy', () => {
  it('of an image that does not become ready leaves the old nodes untouched', async () => {
    const bad = await imageWith(stage, 'bad', 'ENV ROLLCALL_CHECK=/absent');
    const before = await cluster.containers();
    const { code, stderr } = await cluster.run('deploy', bad, '--ready-limit', '5');
    expect(code).toBe(1);
    expect(stderr).toContain('not in place after 5 s: s3 [NOT_READY]');
    expect(await cluster.containers()).toEqual(before);
    expect(await cluster.answering()).toEqual(['s1', 's2']);
  });

  it('of one whose container ends says so at once', async () => {
    const broken = await imageWith(stage, 'broken', 'ENV ROLLCALL_PORT=none');
    const before = await cluster.containers();
    const { code, stderr } = await cluster.run('deploy', broken);
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /s3 ended (with exit code 78|and was started again) instead of serving \[NODE_DOWN\]/,
    );
    expect(stderr).toContain('ROLLCALL_PORT');
    expect(await cluster.containers()).toEqual(before);
  });

  it('of a good one replaces all nodes and loses no request', async () => {
    const good = await imageWith(stage, 'good', 'ENV VERSION=2');
    const lost = await lostDuring(cluster, async () => {
      expect(await cluster.succeed('deploy', good)).toBe(`2 web nodes now run ${good}\n`);
    });
    expect(lost).toEqual([]);
    expect(await cluster.answering()).toEqual(['s3', 's4']);
    expect(await cluster.succeed('deploy', good)).toBe(`all 2 web nodes run ${good} already\n`);
  });
});

describe('beside another cluster', () => {
  let other: ClusterUnderTest;
  beforeAll(async () => {
    other = await ClusterUnderTest.open(stage, '-b');
  });
  afterAll(() => other?.close());

  it('neither sees the other, and each balancer has ports of its own', async () => {
    await other.up('--nodes', '1', '--balancers', '2', '--prefix', 'w');
    const { nodes } = await other.ps();
    expect(nodes.map(({ node }) => node)).toEqual(['ha', 'ha2', 'w1']);
    expect(nodes[2]?.seenBy).toMatchObject({ ha: { up: true }, ha2: { up: true } });
    for (const { container } of nodes.slice(0, 2)) {
      expect(await other.answering(String(container?.published?.http))).toEqual(['w1']);
    }
    expect(await cluster.answering()).toEqual(['s3', 's4']);
  });

  it('down leaves nothing of the one and all of the other', async () => {
    const before = await cluster.containers();
    await other.succeed('down');
    expect(await other.leftovers()).toEqual([]);
    expect(await cluster.containers()).toEqual(before);
    expect(await cluster.answering()).toEqual(['s3', 's4']);
  });
});

it('Ctrl-C leaves things as they are and says so', async () => {
  const terminal = new Terminal(['up', '--env', 'ROLLCALL_CHECK=/absent', '--cluster', cluster.name]);
  await until('the first new node to be waited for', () => terminal.text.includes('waiting for s'));
  terminal.interrupt();
  const { code, stderr } = await terminal.outcome;
  expect(code).toBe(130);
  expect(stderr).toContain('interrupted; what runs keeps running as it is now [INTERRUPTED]');
  expect(await cluster.answering()).toEqual(['s3', 's4']);
});
