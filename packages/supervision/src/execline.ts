/**
 * Writing scripts of execline (https://skarnet.org/software/execline/): one command line, in which each program does
 * its part and becomes the next one. No shell is involved.
 */

/** Where Debian has the programs that execline scripts are made of. */
export const EXECLINE_PROGRAMS = '/usr/lib/execline/bin';

/**
 * First line of a script that is run on its own: Debian's `execlineb` finds the other programs by putting their
 * folder into PATH, which everything that the script starts inherits.
 */
export const SCRIPT = '#!/usr/bin/execlineb -P';

/** What a script puts the value of a key in place of. */
export function ref(key: string): string {
  return `\${${key}}`;
}

/**
 * A word as it has to be written in a script to come out unharmed.
 *
 * @param keys what the script substitutes: `${key}` in the word itself is kept from it
 */
export function word(text: string, keys: readonly string[] = []): string {
  const kept = keys.length === 0 ? text : keep(text, keys);
  if (/^[\w./:=,+@%^~-]+$/.test(kept)) return kept;
  return `"${kept.replace(/[\\"]/g, '\\$&')}"`;
}

export function words(texts: readonly string[], keys: readonly string[] = []): string {
  return texts.map((text) => word(text, keys)).join(' ');
}

/**
 * `${key}` and `$key` stand for the value unless an odd number of backslashes is before them, of which half is left
 * afterwards: https://skarnet.org/software/execline/el_substitute.html
 */
function keep(text: string, keys: readonly string[]): string {
  const key = `(?:${keys.join('|')})`;
  const reference = new RegExp(`(\\\\*)(\\$\\{${key}\\}|\\$${key}(?=[\\\\\${}]|$))`, 'g');
  return text.replace(reference, '$1$1\\$2');
}
