import { createHash } from 'node:crypto';

const NODE_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/;
const SHOWN_LENGTH = 60;

/**
 * Whether this is a node's name: up to 63 of `A-Z a-z 0-9 . _ -`, the first a letter or a digit. Serf takes any
 * bytes at all; only what passes here may become a file name, a server's name or a word of a command.
 */
export function isNodeName(name: string): boolean {
  // `$` alone would let a trailing newline pass in other engines; in ECMAScript without `m` it does not.
  return NODE_NAME.test(name);
}

/**
 * A name that is not a node's, fit to be shown: every byte but letters, digits, `_` and `-` becomes `%XX`, and the first
 * byte always does, so that it never passes for a valid name. A long one is cut and ends in a hash of the whole.
 */
export function escapeNodeName(name: string): string {
  let shown = '';
  for (const byte of Buffer.from(name)) {
    const character = String.fromCharCode(byte);
    shown += shown !== '' && /[A-Za-z0-9_-]/.test(character) ? character : percent(byte);
  }
  if (shown.length <= SHOWN_LENGTH) return shown || '%';
  const hash = createHash('sha256').update(name).digest('hex').slice(0, 8);
  return `${shown.slice(0, SHOWN_LENGTH)}%${hash}`;
}

function percent(byte: number): string {
  return `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
}
