import { SCRIPT } from './execline.ts';
import type { Service } from './service.ts';

/** Longer lines are cut into several: a service that never ends its line must not fill the memory. */
const LONGEST_LINE_BYTES = 65_536;

/** How long the end of an unfinished line is waited for when the logger has to end. */
const LAST_LINE_MS = 100;

/** Where the lines of a service go when they are collected: a named pipe in its service directory. */
export const LINES = 'lines';

/**
 * The script that puts the service's name before each line: https://skarnet.org/software/s6/s6-log.html
 *
 * -b: a line is passed on before the next one is read, so that the service waits for a slow reader, not the memory.
 *
 * Lines that are collected leave for a named pipe. It is opened for reading too: this neither waits for the collector
 * nor ends when that dies.
 */
export function logScript({ name, log }: Service): string {
  const logger = `s6-log -b -l ${LONGEST_LINE_BYTES} -t ${LAST_LINE_MS} -- ${log === 'json' ? '' : `p${name}: `}1`;
  return `${SCRIPT}
ifelse { eltest -p ../${LINES} } { redirfd -u 1 ../${LINES} ${logger} }
${logger}
`;
}
