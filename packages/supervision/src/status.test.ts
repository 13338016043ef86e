import { describe, expect, it } from 'vitest';
import { parseStatus } from './status.ts';

// Lines of s6-svstat 2.13.1; the label is 2026-11-22T19:46:41.185Z.
const SINCE = '@400000006b0346c60b06e040';
const since = Date.UTC(2026, 10, 22, 19, 46, 41, 185);
const parse = (line: string, notifies = true) => parseStatus('app', `${line} ${SINCE}\n`, notifies);

describe('the status of a service', () => {
  it('is up and ready once it has said so', () => {
    expect(parse('true true true true 25 -1 NA')).toMatchObject({
      up: true,
      ready: true,
      held: false,
      pid: 25,
    });
    expect(parse('true false true true 25 -1 NA')).toMatchObject({ up: true, ready: false });
  });

  it('is ready as soon as it is up when it has no way to say so', () => {
    expect(parse('true false true true 25 -1 NA', false)).toMatchObject({ up: true, ready: true });
  });

  it('is down, and tells how it ended', () => {
    expect(parse('false true true true -1 3 NA')).toEqual({
      name: 'app',
      up: false,
      ready: false,
      held: false,
      since,
      ended: { exitCode: 3 },
    });
    expect(parse('false false true true -1 -1 SIGKILL')).toMatchObject({ ended: { signal: 'SIGKILL' } });
  });

  it('is held when it is not to be started although nobody asked for that', () => {
    expect(parse('false false false true -1 3 NA').held).toBe(true);
    expect(parse('false false false false -1 3 NA').held).toBe(false);
  });
});
