import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Change } from '@rollcall/membership';
import { describe, expect, it } from 'vitest';
import { EventLog } from './event-log.ts';

const at = new Date('2026-01-02T03:04:05.678Z');
const joined: Change = {
  kind: 'joined',
  member: { name: 's1', address: '10.0.0.3', status: 'alive', tags: { role: 'member', boot: 'b1' } },
};
const refused: Change = {
  kind: 'joined',
  member: { name: 's2', address: '10.0.0.4', status: 'alive', refused: 'no tags' },
};

function emptyFolder(): string {
  return mkdtempSync(join(tmpdir(), 'rollcall-event-log-'));
}

describe('the event log', () => {
  it('has a line for each change', () => {
    const path = join(emptyFolder(), 'serf.log');
    const log = new EventLog(path, (error) => expect.unreachable(error.message));
    log.write([joined, refused], at);
    log.write([], at);
    expect(readFileSync(path, 'utf8')).toBe(
      '2026-01-02T03:04:05.678Z joined s1 10.0.0.3 member\n2026-01-02T03:04:05.678Z joined s2 10.0.0.4 -\n',
    );
  });

  it('begins anew at a mebibyte and keeps the last one beside it', () => {
    const path = join(emptyFolder(), 'serf.log');
    writeFileSync(path, 'x'.repeat(1024 * 1024 + 1));
    new EventLog(path, (error) => expect.unreachable(error.message)).write([joined], at);
    expect(readFileSync(path, 'utf8').split('\n')).toHaveLength(2);
    expect(readFileSync(`${path}.1`, 'utf8')).toHaveLength(1024 * 1024 + 1);
  });

  it('tells once that it cannot be written, and again after it could', () => {
    const folder = emptyFolder();
    const errors: Error[] = [];
    const path = join(folder, 'missing', 'serf.log');
    const log = new EventLog(path, (error) => errors.push(error));
    log.write([joined], at);
    log.write([joined], at);
    expect(errors).toHaveLength(1);
  });
});
