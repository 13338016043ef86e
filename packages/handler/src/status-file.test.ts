import { existsSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { NodeStatus } from './status.ts';
import { StatusFile } from './status-file.ts';

const status = (phase: NodeStatus['phase'], problem?: string): NodeStatus => ({
  node: 's1',
  boot: 'b1',
  role: 'member',
  type: 'member',
  phase,
  members: [],
  services: [],
  ...(problem === undefined ? {} : { problem }),
  roleStatus: null,
});

function paths() {
  const folder = mkdtempSync(join(tmpdir(), 'rollcall-status-'));
  return { status: join(folder, 'status.json'), healthy: join(folder, 'healthy') };
}

describe('the status file', () => {
  it('holds the newest of a burst, which is made once', async () => {
    const places = paths();
    const file = new StatusFile(places, (error) => expect.unreachable(error.message));
    const made: string[] = [];
    for (const phase of ['starting', 'running', 'draining'] as const) {
      file.write(() => {
        made.push(phase);
        return status(phase);
      });
    }
    await file.close();
    expect(made).toEqual(['draining']);
    expect(JSON.parse(readFileSync(places.status, 'utf8'))).toEqual(status('draining'));
  });

  it('has the health mark beside it as long as there is no problem', async () => {
    const places = paths();
    const file = new StatusFile(places, (error) => expect.unreachable(error.message));
    file.write(() => status('running'));
    await file.close();
    expect(existsSync(places.healthy)).toBe(true);
    file.write(() => status('running', 'something is wrong'));
    await file.close();
    expect(existsSync(places.healthy)).toBe(false);
  });

  it('tells once that it cannot be written', async () => {
    const errors: Error[] = [];
    const file = new StatusFile(
      { status: '/proc/nowhere/status.json', healthy: '/proc/nowhere/healthy' },
      (error) => errors.push(error),
    );
    file.write(() => status('running'));
    await file.close();
    file.write(() => status('running'));
    await file.close();
    expect(errors).toHaveLength(1);
  });
});
