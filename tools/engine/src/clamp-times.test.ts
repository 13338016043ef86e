import { buffer } from 'node:stream/consumers';
import { extract, pack } from 'tar-stream';
import { expect, test } from 'vitest';
import { clampTimes } from './clamp-times.ts';

const LATEST = 1_700_000_000;
const LONG = 'deep/'.repeat(60);

async function archiveOf(seconds: Record<string, number>): Promise<Buffer> {
  const archive = pack();
  for (const [name, time] of Object.entries(seconds)) {
    archive.entry({ name, mtime: new Date(time * 1000), mode: 0o640, uid: 7 }, `content of ${name}`);
  }
  archive.finalize();
  return await buffer(archive);
}

/** Times and contents; a header whose sum is wrong is an error. */
async function read(archive: Buffer): Promise<Record<string, [number, string]>> {
  const found: Record<string, [number, string]> = {};
  const reader = extract();
  reader.on('entry', async ({ name, mtime }, stream, next) => {
    found[name] = [(mtime?.getTime() ?? 0) / 1000, (await buffer(stream)).toString()];
    next();
  });
  await new Promise((resolve, reject) => {
    reader.on('finish', resolve).on('error', reject).end(archive);
  });
  return found;
}

test('what is younger gets the latest time, all else stays as it is', async () => {
  const archive = await archiveOf({
    old: 1000,
    young: LATEST + 1,
    [`${LONG}young`]: LATEST + 99_999,
    last: LATEST,
  });
  clampTimes(archive, LATEST);
  expect(await read(archive)).toEqual({
    old: [1000, 'content of old'],
    young: [LATEST, 'content of young'],
    [`${LONG}young`]: [LATEST, `content of ${LONG}young`],
    last: [LATEST, 'content of last'],
  });
});

test('an archive without anything younger keeps its bytes', async () => {
  const archive = await archiveOf({ a: 0, b: LATEST });
  const before = Buffer.from(archive);
  clampTimes(archive, LATEST);
  expect(archive.equals(before)).toBe(true);
});

test('archives of the same files that differ in when they were written become the same', async () => {
  const [one, other] = [await archiveOf({ a: LATEST + 5 }), await archiveOf({ a: LATEST + 6 })];
  expect(one.equals(other)).toBe(false);
  for (const archive of [one, other]) clampTimes(archive, LATEST);
  expect(one.equals(other)).toBe(true);
});
