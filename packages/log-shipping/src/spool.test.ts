import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { lineOf, recordsOf } from './record.ts';
import { segmentsIn } from './segments.ts';
import { Spool } from './spool.ts';
import { SpoolReader } from './spool-reader.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'rollcall-spool-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const open = (limitBytes = 80_000) => {
  const troubles: string[] = [];
  return { troubles, spool: new Spool(folder, limitBytes, ({ kind }) => troubles.push(kind)) };
};
const append = (spool: Spool, ...lines: string[]) =>
  spool.append(recordsOf(0, 'app', Buffer.from(lines.map((line) => `${line}\n`).join(''))));

/** All that is there now. */
function readAll(reader: SpoolReader): { texts: string[]; missing: number } {
  const texts: string[] = [];
  let missing = 0;
  for (let batch = reader.read(); batch; batch = reader.read()) {
    texts.push(...batch.records.map((record) => lineOf(record).text.toString()));
    missing += batch.missing;
  }
  return { texts, missing };
}

describe('a spool', () => {
  it('gives lines back as they were, each once', () => {
    const { spool } = open();
    const reader = new SpoolReader(folder);
    expect(reader.read()).toBeUndefined();
    append(spool, 'a', '', ' b ');
    expect(readAll(reader)).toEqual({ texts: ['a', '', ' b '], missing: 0 });
    append(spool, 'c'.repeat(200_000));
    expect(readAll(reader).texts).toEqual(['c'.repeat(200_000)]);
    expect(readAll(reader).texts).toEqual([]);
  });

  it('gives what was not confirmed again, to another reader too', () => {
    const { spool } = open();
    const reader = new SpoolReader(folder);
    append(spool, 'a');
    readAll(reader);
    reader.confirm();
    append(spool, 'b', 'c');
    readAll(reader);
    expect(reader.rewind()).toBe(2);
    expect(readAll(reader).texts).toEqual(['b', 'c']);
    expect(readAll(new SpoolReader(folder)).texts).toEqual(['b', 'c']);
    expect(reader.waiting()).toBe(2);
  });

  it('goes on after a restart of the writer, without what that was killed in the middle of', () => {
    append(open().spool, 'a', 'b');
    open().spool.append(Buffer.from('0 app half'));
    append(open().spool, 'c');
    expect(readAll(new SpoolReader(folder))).toEqual({ texts: ['a', 'b', 'c'], missing: 0 });
  });

  it('drops the oldest lines at its limit, says so once, and knows how many', () => {
    const { spool, troubles } = open(8000);
    for (let number = 1; number <= 1000; number += 1) append(spool, `${number} ${'x'.repeat(90)}`);
    const sizes = readdirSync(folder).map((name) => statSync(join(folder, name)).size);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(8000);
    const { texts, missing } = readAll(new SpoolReader(folder));
    expect(missing).toBeGreaterThan(0);
    expect(texts.map((text) => Number(text.split(' ')[0]))).toEqual(
      Array.from({ length: 1000 - missing }, (_, index) => missing + 1 + index),
    );
    expect(troubles).toEqual(['full']);
  });

  it('keeps to its limit with many lines at once', () => {
    const { spool } = open(8000);
    append(spool, ...Array.from({ length: 1000 }, (_, index) => String(index + 1)));
    const sizes = readdirSync(folder).map((name) => statSync(join(folder, name)).size);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(8000);
    const { texts, missing } = readAll(new SpoolReader(folder));
    expect(texts).toEqual(Array.from({ length: 1000 - missing }, (_, index) => String(missing + 1 + index)));
    expect(texts.at(-1)).toBe('1000');
  });

  it('loses nothing to many restarts within its limit', () => {
    for (let start = 1; start <= 20; start += 1) append(open().spool, String(start));
    expect(readAll(new SpoolReader(folder))).toEqual({
      texts: Array.from({ length: 20 }, (_, index) => String(index + 1)),
      missing: 0,
    });
  });

  it('removes what the collector has', () => {
    const { spool } = open(8000);
    const reader = new SpoolReader(folder);
    for (let number = 1; number <= 30; number += 1) append(spool, 'x'.repeat(90));
    readAll(reader);
    reader.confirm();
    expect(segmentsIn(folder)).toHaveLength(1);
    expect(reader.waiting()).toBe(0);
  });

  it('never throws where it cannot write', () => {
    writeFileSync(join(folder, 'file'), '');
    const troubles: string[] = [];
    const spool = new Spool(join(folder, 'file/spool'), 80_000, ({ kind }) => troubles.push(kind));
    append(spool, 'a');
    spool.end();
    expect(troubles).toEqual(['failed']);
  });
});
