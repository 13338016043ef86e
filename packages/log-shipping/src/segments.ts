import { readdirSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Lines are kept in files, each named by the number of its first line. So a gap between the last line of a file and
 * the name of the next one tells exactly how many lines are missing, whatever became of them.
 */
export interface Segment {
  readonly first: number;
  readonly path: string;
}

const NAME = /^\d{16}$/;

/** The segments of a folder, oldest first. */
export function segmentsIn(folder: string): Segment[] {
  return readdirSync(folder)
    .filter((name) => NAME.test(name))
    .sort()
    .map((name) => ({ first: Number(name), path: join(folder, name) }));
}

export function segmentPath(folder: string, first: number): string {
  return join(folder, String(first).padStart(16, '0'));
}

/** There when the writer has ended, having kept every line that there was. */
export function endedMark(folder: string): string {
  return join(folder, 'ended');
}

/** Holds the number of the first line that the collector is not known to have. */
export function positionFile(folder: string): string {
  return join(folder, 'position');
}

export function linesIn(bytes: Uint8Array): number {
  let count = 0;
  for (let at = bytes.indexOf(NEWLINE); at !== -1; at = bytes.indexOf(NEWLINE, at + 1)) count += 1;
  return count;
}

export const NEWLINE = 0x0a;
