import { describe, expect, it } from 'vitest';
import { defineService, type Service } from './service.ts';

const sound: Service = { name: 'app', command: ['/usr/bin/node', 'server.js'] };

describe('a service', () => {
  it.each<[string, Partial<Service>]>([
    ['nothing but a name and a command', {}],
    ['a command line in a variable', { command: { variable: 'APP_COMMAND', default: ['node', ''] } }],
    ['readiness by notification', { readiness: { by: 'notification', fd: 3 } }],
    ['readiness by check', { readiness: { by: 'check', command: ['true'], everyMs: 100 } }],
    [
      'a stop limit in a variable',
      { stop: { limitMs: { secondsVariable: 'DRAIN', defaultSeconds: 0, extraMs: 1 } } },
    ],
    ['a hold', { restart: { hold: { deaths: 1, withinSeconds: 1, forSeconds: 1 } } }],
  ])('may have %s', (_, part) => {
    const service = { ...sound, ...part };
    expect(defineService(service)).toBe(service);
  });

  it.each<[string, Partial<Service>]>([
    ['name', { name: '../escape' }],
    ['name', { name: 'a'.repeat(33) }],
    ['command', { command: [] }],
    ['command', { command: ['', 'x'] }],
    ['command', { command: ['a\0b'] }],
    ['command.variable', { command: { variable: 'NOT A NAME', default: ['x'] } }],
    ['command.default', { command: { variable: 'X', default: [] } }],
    ['environment', { environment: { 'A=B': '' } }],
    ['environment.A', { environment: { A: '\0' } }],
    ['directory', { directory: 'relative' }],
    ['readiness.fd', { readiness: { by: 'notification', fd: 2 } }],
    ['readiness.command', { readiness: { by: 'check', command: [], everyMs: 100 } }],
    ['readiness.everyMs', { readiness: { by: 'check', command: ['true'], everyMs: 0 } }],
    ['stop.order', { stop: { order: 1.5 } }],
    ['stop.limitMs', { stop: { limitMs: 0 } }],
    [
      'stop.limitMs.secondsVariable',
      { stop: { limitMs: { secondsVariable: '', defaultSeconds: 1, extraMs: 1 } } },
    ],
    [
      'stop.limitMs.defaultSeconds',
      { stop: { limitMs: { secondsVariable: 'A', defaultSeconds: -1, extraMs: 1 } } },
    ],
    [
      'stop.limitMs.extraMs',
      { stop: { limitMs: { secondsVariable: 'A', defaultSeconds: 1, extraMs: 1000 } } },
    ],
    ['restart.hold.deaths', { restart: { hold: { deaths: 5000, withinSeconds: 1, forSeconds: 1 } } }],
    ['restart.hold.withinSeconds', { restart: { hold: { deaths: 1, withinSeconds: 0, forSeconds: 1 } } }],
    ['restart.hold.forSeconds', { restart: { hold: { deaths: 1, withinSeconds: 1, forSeconds: 0.5 } } }],
  ])('is refused for a bad %s, by name', (field, part) => {
    const service = { ...sound, ...part };
    expect(() => defineService(service)).toThrow(
      expect.objectContaining({
        code: 'SERVICE_INVALID',
        message: expect.stringContaining(`Service ${JSON.stringify(service.name)}: ${field}`),
      }),
    );
  });
});
