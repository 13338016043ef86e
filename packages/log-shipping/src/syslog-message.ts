import type { LogLine } from './record.ts';

/** local0: what a site gives to its own programs. */
const FACILITY = 16;

/** Severities of RFC 5424, by the words of pino's levels and by its numbers. */
const SEVERITIES: Readonly<Record<string, number>> = {
  fatal: 2,
  error: 3,
  warn: 4,
  info: 6,
  debug: 7,
  trace: 7,
  '60': 2,
  '50': 3,
  '40': 4,
  '30': 6,
  '20': 7,
  '10': 7,
};
const INFORMATIONAL = 6;

/** The most that `sequenceId` may be; after it comes 1 again. */
const LAST_SEQUENCE_ID = 2_147_483_647;

/**
 * A line as a message of RFC 5424 (https://www.rfc-editor.org/rfc/rfc5424) in a frame of RFC 6587 that begins with its
 * length. `sequenceId` lets the collector see what is doubled or missing.
 *
 * @param number the line's number among all of the node, from 1 on
 */
export function syslogFrame(line: LogLine, number: number, node: string): Buffer {
  const priority = FACILITY * 8 + severityOf(line.text);
  const time = new Date(line.at).toISOString();
  const sequenceId = ((number - 1) % LAST_SEQUENCE_ID) + 1;
  const header = `<${priority}>1 ${time} ${node} ${line.service} - - [meta sequenceId="${sequenceId}"] `;
  const text = withoutName(line);
  return Buffer.concat([Buffer.from(`${header.length + text.length} ${header}`), text]);
}

/** The name before a line says what the message's header says. */
function withoutName({ service, text }: LogLine): Buffer {
  const name = Buffer.from(`${service}: `);
  return text.subarray(0, name.length).equals(name) ? text.subarray(name.length) : text;
}

/** Of a line of JSON its `level`. */
function severityOf(text: Buffer): number {
  const start = text.indexOf('{');
  // A brace at the line's begin, or after the service's name.
  if (start === -1 || start > 34) return INFORMATIONAL;
  try {
    return SEVERITIES[String(JSON.parse(text.toString('utf8', start)).level)] ?? INFORMATIONAL;
  } catch {
    return INFORMATIONAL;
  }
}
