import { describe, expect, it } from 'vitest';
import { type DirectoryFacts, parseStatus } from './status.ts';

// Lines of s6-svstat 2.13.1; the label is 2026-11-22T19:46:41.185Z.
const SINCE = '@400000006b0346c60b06e040';
const since = Date.UTC(2026, 10, 22, 19, 46, 41, 185);
const parse = (line: string, facts: Partial<DirectoryFacts> = {}) =>
  parseStatus('app', `${line} ${SINCE}\n`, { notifies: true, heldAtDeath: false, ...facts });

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
    expect(parse('true false true true 25 -1 NA', { notifies: false })).toMatchObject({
      up: true,
      ready: true,
    });
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

  it('is held when it was held at its last death and is still down', () => {
    const heldAtDeath = true;
    expect(parse('false false false true -1 3 NA', { heldAtDeath }).held).toBe(true);
    expect(parse('false false true true -1 3 NA', { heldAtDeath }).held).toBe(false);
    expect(parse('true false true true 25 -1 NA', { heldAtDeath }).held).toBe(false);
  });

  it('is not held when somebody took it down', () => {
    expect(parse('false false false true -1 0 NA').held).toBe(false);
    expect(parse('false false false false -1 3 NA', { heldAtDeath: true }).held).toBe(false);
  });
});
