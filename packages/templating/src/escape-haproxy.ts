const PLAIN = /^[A-Za-z0-9._:/@,=+[\]-]+$/;

/**
 * A value as one word of a HAProxy configuration that cannot end the word, the quotes around it or the line: every byte
 * that could mean something is written as `\xNN`, which HAProxy reads outside quotes and inside double quotes
 * (configuration.txt, 2.2 "Quoting and escaping"). Throws `RangeError` for control characters and for the empty text,
 * which no HAProxy keyword has a use for.
 *
 * Not covered: a percent sign means something to HAProxy's log formats after this escape has been read.
 */
export function escapeHaproxy(value: string): string {
  if (value === '') throw new RangeError('is empty');
  const control = /\p{Cc}/u.exec(value);
  if (control) throw new RangeError(`has the control character ${codePoint(control[0])}`);
  if (PLAIN.test(value)) return value;
  return [...Buffer.from(value)].map(escapeByte).join('');
}

function escapeByte(byte: number): string {
  const character = String.fromCharCode(byte);
  return PLAIN.test(character) ? character : `\\x${byte.toString(16).padStart(2, '0')}`;
}

function codePoint(character: string): string {
  return `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
}
