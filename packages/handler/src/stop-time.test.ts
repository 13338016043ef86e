import { defineService } from '@rollcall/supervision';
import { describe, expect, it } from 'vitest';
import { nodeServices } from './services.ts';
import { checkStopTime } from './stop-time.ts';

const service = (name: string, order: number, limitMs: number) =>
  defineService({ name, command: ['/bin/true'], stop: { order, limitMs } });

describe("the services' time to stop", () => {
  it('fits into the time that docker stop gives, for the services of every node', () => {
    expect(() => checkStopTime(nodeServices)).not.toThrow();
  });

  it('counts services of one order once, the longest', () => {
    expect(() =>
      checkStopTime([service('a', 1, 9000), service('b', 1, 8000), service('c', 2, 500)]),
    ).not.toThrow();
  });

  it('adds the orders up', () => {
    expect(() => checkStopTime([service('a', 1, 5000), service('b', 2, 5000)])).toThrow(
      expect.objectContaining({ code: 'STOP_TAKES_TOO_LONG', message: expect.stringContaining('10000 ms') }),
    );
  });
});
