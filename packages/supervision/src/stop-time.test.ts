import { describe, expect, it } from 'vitest';
import type { Service, StopLimit } from './service.ts';
import { checkStopTime } from './stop-time.ts';

const service = (name: string, limitMs?: StopLimit, order?: number): Service => ({
  name,
  command: ['x'],
  stop: { ...(limitMs !== undefined && { limitMs }), ...(order !== undefined && { order }) },
});

describe("the services' time to stop", () => {
  it('counts the longest of those that stop together', () => {
    expect(() =>
      checkStopTime([service('a', 9000, 1), service('b', 8000, 1), service('c', 500, 2)]),
    ).not.toThrow();
  });

  it('adds the orders up, and names what takes so long', () => {
    expect(() => checkStopTime([service('a', 5000, 1), service('b', 5000, 2), service('c', 10, 2)])).toThrow(
      expect.objectContaining({
        code: 'STOP_TOO_LONG',
        message: expect.stringContaining('10000 ms to stop (a 5000 ms + b 5000 ms)'),
      }),
    );
  });

  it('counts what is not said: 3 s', () => {
    expect(() => checkStopTime([service('a', 6500, 1), service('b')])).not.toThrow();
    expect(() => checkStopTime([service('a', 6501, 1), service('b')])).toThrow(/9501 ms/);
  });

  it('counts a limit in a variable with its default', () => {
    const limit = { secondsVariable: 'DRAIN', defaultSeconds: 9, extraMs: 501 };
    expect(() => checkStopTime([service('a', limit)])).toThrow(/9501 ms/);
  });
});
