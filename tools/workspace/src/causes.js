/**
 * An error as vitest passes it on to its reporters; of a command that failed, with what that printed.
 *
 * @typedef {{ message?: string, stack?: string, stdout?: unknown, stderr?: unknown, cause?: unknown }} PlainError
 */

/**
 * An error's stack or message, what the command printed that failed with it, and the same of each cause.
 *
 * @param {unknown} error
 * @returns {string}
 */
export function withCauses(error) {
  if (typeof error !== 'object' || error === null) return String(error);
  const { message = '', stack, stdout, stderr, cause } = /** @type {PlainError} */ (error);
  // Node puts the one into the message itself, and not the other.
  const printed = [stdout, message.includes(String(stderr)) ? '' : stderr].flatMap((text) =>
    typeof text === 'string' && text.trim() !== '' ? [text.trim()] : [],
  );
  const because = cause === undefined || cause === null ? [] : [`Caused by: ${withCauses(cause)}`];
  return [stack || message, ...printed, ...because].join('\n');
}
