import { linesIn, NEWLINE } from './segments.ts';

/** A line as it is kept: when it came (ms since the epoch), whose it is, then its bytes as they were. */
export interface LogLine {
  readonly at: number;
  readonly service: string;
  readonly text: Buffer;
}

/** Whole lines of one service as they are kept. */
export function recordsOf(at: number, service: string, lines: Buffer): Buffer {
  const head = Buffer.from(`${at} ${service} `);
  const records = Buffer.allocUnsafe(lines.length + linesIn(lines) * head.length);
  let to = 0;
  for (let from = 0; from < lines.length; ) {
    const end = lines.indexOf(NEWLINE, from) + 1;
    to += head.copy(records, to);
    to += lines.copy(records, to, from, end);
    from = end;
  }
  return records;
}

/** @param record without its newline */
export function lineOf(record: Buffer): LogLine {
  const afterTime = record.indexOf(' ');
  const afterService = record.indexOf(' ', afterTime + 1);
  return {
    at: Number(record.toString('latin1', 0, afterTime)),
    service: record.toString('latin1', afterTime + 1, afterService),
    text: record.subarray(afterService + 1),
  };
}
