import { connect } from 'node:net';
import { BalancerError } from '../errors.ts';

/**
 * Asks HAProxy's master one command and gives what it prints. A connection for each, so that no answer can be taken for
 * another's: the master answers and closes it, once it has seen the end of what it is asked.
 *
 * Throws `BalancerError` HAPROXY_UNREACHABLE when there is no whole answer within `limitMs`.
 */
export function askMaster(path: string, command: string, limitMs: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    const fail = (cause: unknown) => {
      socket.destroy();
      const why = cause instanceof Error ? cause.message : String(cause);
      reject(
        new BalancerError('HAPROXY_UNREACHABLE', `HAProxy does not answer at ${path}: ${why}`, { cause }),
      );
    };
    const socket = connect(path);
    // Of the answer as a whole: a socket's own timeout only sees silence.
    const timer = setTimeout(() => fail(`no answer to "${command}" within ${limitMs} ms`), limitMs);
    socket
      .on('connect', () => socket.end(`${command}\n`))
      .on('data', (chunk) => chunks.push(chunk))
      .on('error', fail)
      // Even where there is nothing to say the answer is an empty line.
      .on('end', () =>
        chunks.length > 0 ? resolve(Buffer.concat(chunks).toString().trim()) : fail('it said nothing'),
      )
      .on('close', () => clearTimeout(timer));
  });
}
