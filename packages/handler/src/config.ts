import { readFileSync } from 'node:fs';
import { HandlerError } from './errors.ts';
import { type ConfigOf, namesOf, type Variable, type Variables } from './variable.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads a node's configuration from its environment.
 *
 * @throws HandlerError `BAD_CONFIGURATION`, naming every variable that is unknown or has a value that is not
 *   allowed, all at once, with what is allowed.
 */
export function readConfig<V extends Variables>(environment: Environment, variables: V): ConfigOf<V> {
  const problems = unknownNames(environment, variables);
  const config: Record<string, unknown> = {};
  for (const [key, variable] of Object.entries(variables)) {
    const read = readVariable(environment, variable);
    if ('problem' in read) problems.push(read.problem);
    else config[key] = read.value;
  }
  if (problems.length > 0) {
    throw new HandlerError('BAD_CONFIGURATION', problems.join('.\n'));
  }
  return config as ConfigOf<V>;
}

function readVariable<Value>(
  environment: Environment,
  variable: Variable<Value>,
): { value: Value } | { problem: string } {
  const given = givenText(environment, variable);
  if ('problem' in given) return given;
  if (given.text === undefined) return { value: variable.fallback };
  const value = variable.parse(given.text);
  if (value !== undefined) return { value };
  const shown = variable.secret ? 'its value (a secret, not shown)' : JSON.stringify(given.text);
  return { problem: `${given.source}: ${shown} is not allowed; it must be ${variable.allowed}` };
}

/** The text of a variable and where it came from; an empty variable counts as unset. */
function givenText(
  environment: Environment,
  { name, secret }: Pick<Variable<unknown>, 'name' | 'secret'>,
): { text: string | undefined; source: string } | { problem: string } {
  const text = environment[name] || undefined;
  const path = secret ? environment[`${name}_FILE`] || undefined : undefined;
  if (path === undefined) return { text, source: name };
  if (text !== undefined) {
    return { problem: `${name} and ${name}_FILE are both set; keep one of them` };
  }
  try {
    return { text: readFileSync(path, 'utf8').trim(), source: `${name}_FILE=${path}` };
  } catch (error) {
    return { problem: `${name}_FILE=${path} cannot be read: ${(error as Error).message}` };
  }
}

function unknownNames(environment: Environment, variables: Variables): string[] {
  const known = Object.values(variables).flatMap(namesOf);
  return Object.keys(environment)
    .filter((name) => name.startsWith('ROLLCALL_') && !known.includes(name))
    .map((name) => `${name} is not a variable of this image; ${suggestion(name, known)}`);
}

function suggestion(name: string, known: readonly string[]): string {
  const near = known.map((each) => ({ each, distance: editDistance(name, each) }));
  near.sort((a, b) => a.distance - b.distance);
  const nearest = near[0];
  if (nearest && nearest.distance <= 3) return `did you mean ${nearest.each}?`;
  return `it knows ${[...known].sort().join(', ')}`;
}

/** Levenshtein's distance: how many letters must be added, removed or replaced. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (const [i, letter] of [...a].entries()) {
    const next = [i + 1];
    for (const [j, other] of [...b].entries()) {
      const replaced = (row[j] ?? 0) + (letter === other ? 0 : 1);
      next.push(Math.min(replaced, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
