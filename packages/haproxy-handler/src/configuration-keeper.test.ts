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
let endedAt: number | undefined;
let refuses: (text: string) => string | undefined;
let keeper: ConfigurationKeeper;

const file = () => join(folder, 'haproxy.cfg');
const onDisk = () => readFile(file(), 'utf8').catch(() => undefined);
const marks = (text: string | undefined) => text?.split('\n').filter((line) => /^# \w+$/.test(line));
const keep = (refusedSteps: string[] = []) => keeper.keep(() => servers, refusedSteps);
const fingerprintIn = (text: string | undefined) => / str\((\w+)\)/.exec(text ?? '')?.[1];
const restartHandler = () => {
  keeper = new ConfigurationKeeper({
    paths: { configuration: file(), candidate: join(folder, 'candidate.cfg') },
    readTemplate: async () => wanted,
    values: { adminPort: null, hardStopSeconds: 60 },
    check: async (path) => refuses(await readFile(path, 'utf8')),
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
      return [server(`s${calls}`)];
    };
    await keeper.keep(newest);
    expect(await onDisk()).toContain(`server s${calls} `);
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
      expect((await readdir(folder)).sort()).toEqual(['haproxy.cfg', 'proven.json']);
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
