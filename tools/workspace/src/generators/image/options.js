/**
 * @typedef {{ name: string, role?: string, port?: number, protocol?: 'http' | 'tcp' }} Given
 * @typedef {{ name: string, role: string, port: number, protocol: 'http' | 'tcp' }} Options
 */

// A service's name and a role's have the same limit: see supervision's service.ts and membership's tags.ts.
const WORD = /^(?=.{1,32}$)[a-z][a-z0-9]*(-[a-z0-9]+)*$/;
const WORD_RULE =
  'must be lower-case letters, digits and single "-" between them, at most 32, a letter first';

/** Services of every node: another one of that name could not run beside them. */
const TAKEN = ['handler', 'serf'];

/**
 * @param {Given} given
 * @returns {Options}
 * @throws {Error} what is wrong, with which option, and what is allowed
 */
export function checkOptions({ name, role, port = 8080, protocol = 'http' }) {
  const type = role || name;
  const problem = [
    !WORD.test(name) && `name: ${JSON.stringify(name)} is not allowed; it ${WORD_RULE}`,
    TAKEN.includes(name) && `name: "${name}" is a service of every node; choose another`,
    !WORD.test(type) && `role: ${JSON.stringify(type)} is not allowed; it ${WORD_RULE}`,
    !(Number.isInteger(port) && port >= 1 && port <= 65_535) &&
      `port: ${port} is not allowed; it must be a whole number from 1 to 65535`,
    !['http', 'tcp'].includes(protocol) && `protocol: "${protocol}" is not allowed; it must be http or tcp`,
  ].find(Boolean);
  if (problem) throw new Error(problem);
  return { name, role: type, port, protocol };
}
