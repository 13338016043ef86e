import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { TemplateSource } from './configuration.ts';
import { ConfigurationKeeper } from './configuration-keeper.ts';
import { BalancerError } from './errors.ts';
import { server } from './examples.ts';
import { InMemoryBalancer } from './in-memory-balancer.ts';
import { ProvenTemplate } from './proven-template.ts';
import type { Server } from './server.ts';
import type { Wanted } from './wanted.ts';

const template = (mark: string): TemplateSource => ({
  file: '/own.hbs',
  text: `# ${mark}\nbackend web\n{{> servers}}\n`,
});
const silent = { debug() {}, info() {}, warn() {}, error() {} };

let folder: string;
let balancer: InMemoryBalancer;
/** What HAProxy's process read when it started. */
let started: string | undefined;
let wanted: TemplateSource;
let servers: Server[];
let routes: Map<string, string>;
let needed: Set<string>;
let takenPort: number | undefined;
let endedAt: number | undefined;
let refuses: (text: string) => string | undefined;
let keeper: ConfigurationKeeper;

const file = () => join(folder, 'haproxy.cfg');
const onDisk = () => readFile(file(), 'utf8').catch(() => undefined);
const marks = (text: string | undefined) => text?.split('\n').filter((line) => /^# \w+$/.test(line));
const now = (): Wanted => ({ servers, routes, needed, claimed: undefined });
const keep = (refusedSteps: string[] = []) => keeper.keep(now, refusedSteps);
const fingerprintIn = (text: string | undefined) => / str\((\w+)\//.exec(text ?? '')?.[1];
const sectionsIn = (text: string | undefined) => / str\(\w+\/(.*)\)/.exec(text ?? '')?.[1]?.split('/') ?? [];
const restartHandler = () => {
  keeper = new ConfigurationKeeper({
    paths: {
      configuration: file(),
      candidate: join(folder, 'candidate.cfg'),
      routes: join(folder, 'routes.map'),
    },
    readTemplate: async () => wanted,
    values: { adminPort: null, hardStopSeconds: 60 },
    check: async (path) => refuses(await readFile(path, 'utf8')),
    portProblem: async (port) => (port === takenPort ? 'in use' : undefined),
    balancer,
    exclusively: (task) => task(),
    service: { endedAt: async () => endedAt, up: async () => {} },
    proven: new ProvenTemplate(join(folder, 'proven.json')),
    log: silent,
    reloadEveryMs: 0,
  });
};

async function readFileAnew(): Promise<void> {
  started = await onDisk();
  balancer.fingerprint = fingerprintIn(started);
  balancer.sections = new Set(sectionsIn(started));
}

/** As s6 does: another process reads the file. */
async function startHaproxy(): Promise<void> {
  await readFileAnew();
  balancer.worker += 1;
  balancer.isDown = false;
}

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'keeper-'));
  balancer = new InMemoryBalancer();
  balancer.isDown = true;
  balancer.onReload = readFileAnew;
  started = undefined;
  wanted = template('first');
  servers = [server('s1')];
  routes = new Map([['/', 'web']]);
  needed = new Set(['web']);
  takenPort = undefined;
  endedAt = undefined;
  refuses = () => undefined;
  restartHandler();
});
afterEach(() => rm(folder, { recursive: true }));

describe('at the first start', () => {
  it('writes what HAProxy waits for, and needs no reload', async () => {
    await keep();
    expect(marks(await onDisk())).toEqual(['# first']);
    await startHaproxy();
    await keep();
    expect(balancer.reloads).toBe(0);
    expect(keeper.problem).toBeUndefined();
  });
  it('writes nothing that HAProxy refuses', async () => {
    refuses = () => 'unknown keyword';
    await keep();
    expect(await onDisk()).toBeUndefined();
    expect(keeper.problem).toContain('unknown keyword');
  });
  it('goes by what HAProxy started with when the template is bad by then', async () => {
    await keep();
    await startHaproxy();
    wanted = { file: '/own.hbs', text: '{{#if}} never closed' };
    servers = [server('s1'), server('s2')];
    await keep();
    expect(marks(await onDisk())).toEqual(['# first']);
    expect(await onDisk()).toContain('server s2 ');
  });
  it('is patient with a HAProxy that takes its time', async () => {
    for (let looks = 0; looks < 9; looks += 1) await keep();
    expect(await onDisk()).toBeDefined();
  });
  it('takes a configuration away with which HAProxy does not start', async () => {
    await keep();
    for (endedAt = 1; endedAt <= 3; endedAt += 1) await keep();
    expect(await onDisk()).toBeUndefined();
    expect(keeper.problem).toContain('/own.hbs');
  });
});

describe('with HAProxy at work', () => {
  beforeEach(async () => {
    await keep();
    await startHaproxy();
    await keep();
  });

  it('lets the file follow the servers without a reload', async () => {
    servers = [server('s1'), server('s2')];
    await keep();
    expect(await onDisk()).toContain('server s2 ');
    expect(balancer.reloads).toBe(0);
  });

  it('reloads for another template', async () => {
    wanted = template('second');
    await keep();
    expect(marks(await onDisk())).toEqual(['# second']);
    expect(keeper.reloads).toMatchObject({ count: 1, last: { why: '/own.hbs, or a setting, has changed' } });
    await keep();
    expect(balancer.reloads).toBe(1);
  });

  it('has the newest servers in the file that HAProxy reloads', async () => {
    wanted = template('second');
    let calls = 0;
    const newest = () => {
      calls += 1;
      return { ...now(), servers: [server(`s${calls}`)] };
    };
    let atReload = 0;
    balancer.onReload = async () => {
      atReload = calls;
      await readFileAnew();
    };
    await keeper.keep(newest);
    expect(started).toContain(`server s${atReload} `);
  });

  it.each([
    ['is not Handlebars', () => ({ file: '/own.hbs', text: '{{#if' }), /own\.hbs:1/],
    ['uses what is not there', () => ({ file: '/own.hbs', text: '{{nothing}}' }), /"nothing" has no value/],
    ['has no place for servers', () => ({ file: '/own.hbs', text: 'global\n' }), /backend "web"/],
  ])('keeps the last template when another one %s', async (_, broken, problem) => {
    wanted = broken();
    servers = [server('s2')];
    await keep();
    expect(marks(await onDisk())).toEqual(['# first']);
    expect(await onDisk()).toContain('server s2 ');
    expect(keeper.problem).toMatch(problem);
  });

  describe('that refuses a template', () => {
    beforeEach(async () => {
      refuses = (text) => (text.includes('# second') ? 'unknown keyword' : undefined);
      wanted = template('second');
      await keep();
    });
    it('keeps the last one, which goes on following the servers', async () => {
      servers = [server('s2')];
      await keep();
      expect(marks(await onDisk())).toEqual(['# first']);
      expect(await onDisk()).toContain('server s2 ');
      expect(balancer.reloads).toBe(0);
      expect(keeper.problem).toContain('unknown keyword');
    });
    it('takes a corrected one', async () => {
      wanted = template('third');
      await keep();
      expect(marks(await onDisk())).toEqual(['# third']);
      expect(keeper.problem).toBeUndefined();
    });
    it('leaves nothing else in the folder', async () => {
      expect((await readdir(folder)).sort()).toEqual(['haproxy.cfg', 'proven.json', 'routes.map']);
    });
  });

  describe('that cannot run a template', () => {
    beforeEach(async () => {
      wanted = template('second');
      balancer.nextFailure = new BalancerError('START_FAILED', 'cannot bind');
      await keep();
    });
    it('puts the last one back and tells why', async () => {
      expect(marks(await onDisk())).toEqual(['# first']);
      expect(keeper.problem).toContain('cannot bind');
    });
    it('does not try again until the text changes', async () => {
      servers = [server('s2')];
      await keep();
      expect(balancer.reloads).toBe(0);
      wanted = template('third');
      await keep();
      expect(balancer.reloads).toBe(1);
    });
    it('tries again when it is asked to', async () => {
      keeper.lookAgain();
      await keep();
      expect(balancer.reloads).toBe(1);
      expect(keeper.problem).toBeUndefined();
    });
  });

  it('goes back when the new process has no place for servers', async () => {
    wanted = template('second');
    const look = balancer.look.bind(balancer);
    balancer.onReload = async () => {
      await readFileAnew();
      const isSecond = balancer.reloads === 0;
      balancer.look = isSecond ? () => Promise.reject(new BalancerError('BACKEND_MISSING', 'none')) : look;
    };
    await keep();
    expect(balancer.reloads).toBe(2);
    expect(marks(await onDisk())).toEqual(['# first']);
    expect(keeper.problem).toContain('backend web');
  });

  it('asks again for a reload that HAProxy did not answer', async () => {
    wanted = template('second');
    balancer.nextFailure = new BalancerError('HAPROXY_UNREACHABLE', 'gone');
    await expect(keep()).rejects.toMatchObject({ code: 'HAPROXY_UNREACHABLE' });
    await keep();
    expect(keeper.reloads.count).toBe(1);
  });

  it('knows that a restarted HAProxy has read the new file', async () => {
    wanted = template('second');
    balancer.nextFailure = new BalancerError('HAPROXY_UNREACHABLE', 'gone');
    await keep().catch(() => {});
    await startHaproxy();
    await keep();
    expect(marks(started)).toEqual(['# second']);
    expect(balancer.reloads).toBe(0);
  });

  it('puts a file right that was changed by hand', async () => {
    const before = await onDisk();
    await writeFile(file(), 'global\n');
    await keep();
    expect(await onDisk()).toBe(before);
    expect(balancer.reloads).toBe(0);
  });

  it('a handler that is started anew reloads nothing that is as it should be', async () => {
    restartHandler();
    await keep();
    expect(balancer.reloads).toBe(0);
  });

  it('a handler that is started anew reloads what the last one had only written', async () => {
    wanted = template('second');
    balancer.nextFailure = new BalancerError('HAPROXY_UNREACHABLE', 'the handler is killed here');
    await keep().catch(() => {});
    restartHandler();
    await keep();
    expect(marks(started)).toEqual(['# second']);
    expect(balancer.reloads).toBe(1);
  });

  describe('that refuses a change at run time', () => {
    beforeEach(async () => {
      servers = [server('s1'), server('s2')];
      await keep(['add s2']);
    });
    it('has it read the file, which says the same', async () => {
      expect(started).toContain('server s2 ');
      expect(keeper.reloads).toMatchObject({ count: 1, last: { why: 'the runtime API refused: add s2' } });
    });
    it('does so once, for as long as it is refused', async () => {
      await keep(['add s2']);
      expect(balancer.reloads).toBe(1);
    });
    it('does so again when it is refused again', async () => {
      await keep();
      await keep(['add s2']);
      expect(balancer.reloads).toBe(2);
    });
  });

  it('reloads for a refused change as soon as HAProxy answers', async () => {
    balancer.isDown = true;
    await keep(['add s2']);
    balancer.isDown = false;
    await keep(['add s2']);
    expect(balancer.reloads).toBe(1);
  });

  it('reloads once when the template changes and a change is refused', async () => {
    wanted = template('second');
    await keep(['add s2']);
    await keep(['add s2']);
    expect(balancer.reloads).toBe(1);
  });

  it('a handler that is started anew still knows the last template that worked', async () => {
    wanted = template('second');
    balancer.nextFailure = new BalancerError('START_FAILED', 'cannot bind');
    restartHandler();
    await keep();
    expect(marks(await onDisk())).toEqual(['# first']);
    expect(fingerprintIn(await onDisk())).toBe(fingerprintIn(started));
  });
});

describe('services and TCP ports', () => {
  /** As the built-in template: a place for whoever comes. */
  const open = (mark: string): TemplateSource => ({
    file: '/own.hbs',
    text: `# ${mark}
{{#each services}}
backend {{backend}}
  {{> servers}}
{{/each}}
{{#each tcpPorts}}
frontend tcp-{{port}}
  bind *:{{port}}
{{/each}}
`,
  });
  const failing = (...sections: string[]) => {
    balancer.onReload = async () => {
      const found = sections.filter((each) => sectionsIn(onDiskNow).includes(each));
      if (found.length > 0) throw new BalancerError('START_FAILED', `cannot bind ${found.join()}`);
      await readFileAnew();
    };
  };
  let onDiskNow: string | undefined;
  const refused = () => Object.fromEntries(keeper.refusedSections);

  beforeEach(async () => {
    wanted = open('first');
    await keep();
    await startHaproxy();
    await keep();
    const reload = balancer.reload.bind(balancer);
    balancer.reload = async () => {
      onDiskNow = await onDisk();
      await reload();
    };
  });

  it('a new one is reloaded once, and stays when it is not needed for a while', async () => {
    needed = new Set(['web', 'shop', '*:5432']);
    await keep();
    expect([...balancer.sections].sort()).toEqual(['*:5432', 'shop', 'web']);
    expect(keeper.reloads).toMatchObject({ count: 1, last: { why: '*:5432, shop came' } });
    needed = new Set(['web']);
    await keep();
    needed = new Set(['web', 'shop']);
    await keep();
    restartHandler();
    await keep();
    expect(balancer.reloads).toBe(1);
  });

  it('one that nobody needs any more goes with the reload for another', async () => {
    needed = new Set(['web', 'shop']);
    await keep();
    needed = new Set(['web', 'blog']);
    await keeper.keep(() => ({ ...now(), claimed: new Set(['web', 'blog']) }));
    expect([...balancer.sections].sort()).toEqual(['blog', 'web']);
  });

  it('one that a node claims which is not ready yet does not', async () => {
    needed = new Set(['web', '*:5432']);
    await keep();
    restartHandler();
    needed = new Set(['web', 'blog']);
    await keeper.keep(() => ({ ...now(), claimed: new Set(['web', 'blog', '*:5432']) }));
    expect([...balancer.sections].sort()).toEqual(['*:5432', 'blog', 'web']);
  });

  it('those that cannot be had are found by halves, and the others come', async () => {
    failing('*:5432', '*:7');
    needed = new Set(['web', 'a', 'b', 'c', '*:5432', '*:7', '*:8']);
    await keep();
    expect([...balancer.sections].sort()).toEqual(['*:8', 'a', 'b', 'c', 'web']);
    expect(refused()).toEqual({
      '*:5432': 'cannot be had: cannot bind *:5432',
      '*:7': 'cannot be had: cannot bind *:7',
    });
    expect(sectionsIn(await onDisk()).sort()).toEqual(['*:8', 'a', 'b', 'c', 'web']);
    expect(keeper.problem).toBeUndefined();
    const { count } = keeper.reloads;
    await keep();
    expect(keeper.reloads.count).toBe(count);
  });

  it('a port that somebody else has is refused without a reload', async () => {
    takenPort = 7;
    needed = new Set(['web', '*:7']);
    await keep();
    expect(refused()).toEqual({ '*:7': 'cannot be had: in use' });
    expect(balancer.reloads).toBe(0);
  });

  it('one that the check refuses is never put in place', async () => {
    refuses = (text) => (/^backend bad$/m.test(text) ? 'no such thing' : undefined);
    needed = new Set(['web', 'bad']);
    await keep();
    expect(refused()).toEqual({ bad: 'is refused by HAProxy: no such thing' });
    expect(balancer.reloads).toBe(0);
    expect(await onDisk()).not.toContain('backend bad');
  });

  it('one that was refused is tried again when it is asked to, or comes anew', async () => {
    failing('*:7');
    needed = new Set(['web', '*:7']);
    await keep();
    failing();
    await keep();
    expect(balancer.reloads).toBe(0);
    keeper.lookAgain();
    await keep();
    expect([...balancer.sections]).toContain('*:7');
    failing('*:9');
    needed = new Set(['web', '*:9']);
    await keep();
    needed = new Set(['web']);
    await keep();
    expect(refused()).toEqual({});
  });

  it('a template without a place for it refuses it, and is not reloaded for it', async () => {
    wanted = template('second');
    await keep();
    const { count } = keeper.reloads;
    needed = new Set(['web', 'shop', '*:7']);
    await keep();
    await keep();
    expect(refused()).toEqual({ shop: 'has no place in /own.hbs', '*:7': 'has no place in /own.hbs' });
    expect(keeper.reloads.count).toBe(count);
    wanted = open('third');
    await keep();
    expect([...balancer.sections]).toContain('shop');
  });

  it('there are only so many, by their bytes', async () => {
    const names = Array.from({ length: 300 }, (_, at) => `${'s'.repeat(28)}${100 + at}`);
    needed = new Set(['web', ...names]);
    await keep();
    expect(Object.keys(refused()).length).toBeGreaterThan(0);
    expect(balancer.sections.size + Object.keys(refused()).length).toBe(301);
    expect([...balancer.sections].join('/').length).toBeLessThanOrEqual(8_192);
  });

  it('a HAProxy that does not start with them starts without, and they come one after the other', async () => {
    needed = new Set(['web', 'shop', '*:7']);
    await keep();
    balancer.isDown = true;
    await keep();
    for (endedAt = 1; endedAt <= 3; endedAt += 1) await keep();
    await keep();
    expect(sectionsIn(await onDisk())).toEqual(['web']);
    await startHaproxy();
    endedAt = undefined;
    failing('*:7');
    await keep();
    expect([...balancer.sections].sort()).toEqual(['shop', 'web']);
    expect(refused()).toEqual({ '*:7': 'cannot be had: cannot bind *:7' });
    expect(keeper.problem).toBeUndefined();
  });

  it('the routes are in their file when HAProxy reads it', async () => {
    routes = new Map([
      ['/', 'web'],
      ['tcp:5432', 'tcp:db'],
    ]);
    await keep();
    expect(await readFile(join(folder, 'routes.map'), 'utf8')).toBe('/ web\ntcp:5432 tcp:db\n');
  });
});
