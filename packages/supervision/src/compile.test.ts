import { describe, expect, it } from 'vitest';
import { compile } from './compile.ts';
import { ref } from './execline.ts';
import type { Service } from './service.ts';

const compiled = (part: Partial<Service> = {}) =>
  compile([{ name: 'app', command: ['node', 'server.js'], ...part }]);
const contentOf = (scandir: ReturnType<typeof compile>, path: string) => scandir.get(path)?.content;
const lastLine = (text = '') => text.trimEnd().split('\n').at(-1);

describe('a compiled service', () => {
  it('becomes its command', () => {
    expect(lastLine(contentOf(compiled(), 'app/run'))).toBe('node server.js');
  });

  it('has scripts that can be executed and settings that cannot', () => {
    const modes = [...compiled({ readiness: { by: 'notification', fd: 3 } })].map(([path, { mode }]) => [
      path,
      mode.toString(8),
    ]);
    expect(Object.fromEntries(modes)).toMatchObject({
      'app/run': '755',
      'app/finish': '755',
      'app/data/stop': '755',
      'app/log/run': '755',
      'app/down-signal': '644',
      'app/notification-fd': '644',
      '.s6-svscan/SIGTERM': '755',
      '.s6-svscan/finish': '755',
    });
  });

  it('gets SIGTERM unless it wants another signal', () => {
    expect(contentOf(compiled(), 'app/down-signal')).toBe('SIGTERM\n');
    expect(contentOf(compiled({ stop: { signal: 'SIGINT' } }), 'app/down-signal')).toBe('SIGINT\n');
  });

  it('has its words split at run time when they are in a variable', () => {
    const scandir = compiled({ command: { variable: 'APP_COMMAND', default: ['node', 'demo.js'] } });
    expect(contentOf(scandir, 'app/run')).toContain('backtick SUPERVISION_WORDS { data/command }');
    expect(contentOf(scandir, 'app/data/command')).toContain('importas -D "" line APP_COMMAND');
    expect(lastLine(contentOf(scandir, 'app/data/command'))).toMatch(/ -- node demo\.js$/);
  });

  it('says that it is ready by itself, or is asked', () => {
    expect(contentOf(compiled(), 'app/notification-fd')).toBeUndefined();
    expect(contentOf(compiled({ readiness: { by: 'notification', fd: 7 } }), 'app/notification-fd')).toBe(
      '7\n',
    );
    const checked = compiled({
      readiness: { by: 'check', command: ['curl', '-f', 'http://x'], everyMs: 250 },
    });
    expect(contentOf(checked, 'app/run')).toMatch(/^s6-notifyoncheck .* -w 250$/m);
    expect(lastLine(contentOf(checked, 'app/data/check'))).toBe('curl -f http://x');
  });

  it('adds its environment to that of the container, the PATH of which is given back', () => {
    const run = contentOf(compiled({ environment: { GREETING: 'a b' } }), 'app/run');
    expect(run).toContain('\nexport GREETING "a b"\n');
    expect(run).toContain(`\nexport PATH ${ref('path')}\n`);
    expect(contentOf(compiled({ environment: { PATH: '/my/bin' } }), 'app/run')).toContain(
      '\nexport PATH /my/bin\n',
    );
  });

  it('has its lines prefixed with its name, unless they are JSON that says it', () => {
    expect(contentOf(compiled(), 'app/log/run')).toContain(' -- papp: 1\n');
    expect(contentOf(compiled({ log: 'json' }), 'app/log/run')).toBeUndefined();
    expect(contentOf(compiled({ log: 'json' }), 'app/finish')).toContain('\\"service\\":\\"app\\"');
  });

  it('is up from the start unless it waits', () => {
    expect(contentOf(compiled(), 'app/down')).toBeUndefined();
    expect(contentOf(compiled({ waits: true }), 'app/down')).toBeDefined();
    expect(contentOf(compiled({ waits: true }), 'app/data/waits')).toBeDefined();
  });

  it('that waits is begun with all that wait, unless it was stopped before', () => {
    expect(contentOf(compiled({ waits: true }), '.s6-svscan/begin')).toContain('service { app }');
    expect(contentOf(compiled(), '.s6-svscan/begin')).toContain('service {  }');
    expect(contentOf(compiled({ waits: true }), 'app/data/stop')).toContain('rm -f data/waits down');
    expect(contentOf(compiled(), 'app/data/stop')).not.toContain('data/waits');
  });

  it('is only held when that is asked for', () => {
    expect(contentOf(compiled(), 'app/finish')).not.toContain('s6-permafailon');
    const held = compiled({ restart: { hold: { deaths: 3, withinSeconds: 60, forSeconds: 30 } } });
    expect(contentOf(held, 'app/finish')).toContain('s6-permafailon 60 3 ');
    expect(contentOf(held, 'app/max-death-tally')).toBe('3\n');
    expect(contentOf(held, 'app/data/hold-seconds')).toBe('30\n');
  });
});

describe('the stop of compiled services', () => {
  it('goes by ascending order, those of one order together', () => {
    const service = (name: string, order?: number): Service => ({
      name,
      command: ['x'],
      stop: { limitMs: 100, ...(order !== undefined && { order }) },
    });
    const scandir = compile([
      service('last', 10),
      service('unsaid'),
      service('first', 1),
      service('second', 2),
    ]);
    const groups = [
      ...(contentOf(scandir, '.s6-svscan/SIGTERM') ?? '').matchAll(/-o 0 service \{ (.+?) \}/g),
    ];
    expect(groups.map(([, names]) => names)).toEqual(['first', 'unsaid second', 'last']);
  });

  it('is the same for every signal that asks for it', () => {
    const scandir = compiled();
    expect(contentOf(scandir, '.s6-svscan/SIGINT')).toBe(contentOf(scandir, '.s6-svscan/SIGTERM'));
    expect(contentOf(scandir, '.s6-svscan/SIGQUIT')).toBe(contentOf(scandir, '.s6-svscan/SIGTERM'));
  });

  it('adds seconds and milliseconds by writing them one after the other', () => {
    const limitMs = { secondsVariable: 'DRAIN_SECONDS', defaultSeconds: 6, extraMs: 50 };
    const stop = contentOf(compiled({ stop: { limitMs } }), 'app/data/stop');
    expect(stop).toContain(`echo ${ref('seconds')}050`);
    expect(stop).toContain('echo 6050');
  });
});

it('refuses two services of one name', () => {
  const service: Service = { name: 'app', command: ['x'] };
  expect(() => compile([service, service])).toThrow(expect.objectContaining({ code: 'SERVICE_REPEATED' }));
});
